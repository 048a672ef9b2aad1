package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.metrics.TaskMeters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The work at hand, in PostgreSQL; whoever takes rows skips those that another replica holds. */
final class JdbcOpenTasks implements OpenTasks {

    /** Of a CTE by this name. */
    static final String OF_TAKEN =
            """
            select taken.*, t.tenant, t.type, t.target, t.priority, t.created_at, t.deadline, t.call_limit_ms,
                t.conversation, t.turn_options, t.trace_parent, t.api_key, i.body
            from taken join task t on t.id = taken.task_id join task_input i on i.task_id = taken.task_id
            order by taken.task_id
            """;

    /** Of an update of {@code task_open o} that is a CTE by the name of taken. */
    static final String RETURNING =
            """
            returning o.task_id, o.epoch, o.attempt, o.interruptions, o.failures, o.round)
            """
                    + OF_TAKEN;

    private static final String CLAIM =
            """
            with taken as (
                update task_open o set claimed_at = now() where task_id = any(array(
                    select task_id from task_open
                    where claimed_at is null and priority = ? and tenant = ? and target = ? and type = ?
                        and not waits
                    order by task_id limit ? for update skip locked))
            """
                    + RETURNING;
    private static final String RECLAIM =
            """
            with taken as (
                update task_open o set claimed_at = now() where task_id = any(array(
                    select task_id from task_open
                    where sent_at is null and claimed_at < now() - ? * interval '1 millisecond'
                    order by claimed_at limit ? for update skip locked))
            """
                    + RETURNING;
    private static final String RECLAIM_UNANSWERED =
            """
            with taken as (
                update task_open o set claimed_at = now(), sent_at = null, watch_at = null, asked_at = null,
                    state = 0, epoch = epoch + 1
                where task_id = any(array(
                    select task_id from task_open
                    where watch_at is not null and asked_at < now() - ? * interval '1 millisecond'
                    order by task_id limit ? for update skip locked))
            """
                    + RETURNING;
    private static final String MARK_SENT =
            """
            with mine as (
                select x.task_id from unnest(?, ?) as r(id, epoch)
                join task_open x on x.task_id = r.id and x.epoch = r.epoch
                where x.sent_at is null for update of x skip locked)
            update task_open set sent_at = now(), state = greatest(state, 1)
            where task_id = any(array(select task_id from mine))
            """;
    private static final String RELEASE =
            """
            update task_open set claimed_at = null where task_id = any(array(
                select task_id from task_open
                where task_id = any(?) and sent_at is null and claimed_at < 'infinity' for update skip locked))
            """;
    private static final String PROJECT =
            """
            with p as (
                select r.* from unnest(?, ?, ?, ?, ?, ?, ?, ?) as r(id, epoch, attempt, state, at, pool, model, why)
                join task_open x on x.task_id = r.id and x.epoch = r.epoch
                where (r.attempt, r.state) > (x.attempt, x.state) for update of x skip locked)
            update task_open o set state = p.state, attempt = p.attempt, pool = p.pool, model = p.model,
                sent_at = coalesce(o.sent_at, now()),
                route_reason = coalesce(p.why, o.route_reason),
                started_at = case when p.state = 3 then to_timestamp(p.at / 1000.0) else o.started_at end
            from p where o.task_id = p.id
            """;
    private static final String INTERRUPTED =
            """
            update task_open o set watch_at = now(), attempt = greatest(o.attempt, r.attempt),
                interruptions = greatest(o.interruptions, r.interruptions), failures = r.failures
            from unnest(?, ?, ?, ?, ?) as r(id, epoch, attempt, interruptions, failures)
            where o.task_id = r.id and o.epoch = r.epoch and o.watch_at is null
            """;
    private static final String ASK_DUE =
            """
            update task_open set watch_at = now() + interval '5 seconds' where task_id = any(array(
                select task_id from task_open where watch_at <= now() and asked_at is null
                limit 1000 for update skip locked))
            returning task_id, epoch, watch_at
            """;
    private static final String ASKED =
            """
            update task_open o set asked_at = now() from unnest(?, ?) as q(id, due)
            where o.task_id = q.id and o.watch_at = q.due and o.asked_at is null
            """;
    private static final String ANSWERED =
            """
            update task_open set asked_at = null, watch_at = now() + ? * interval '1 millisecond'
            where task_id = any(?) and watch_at is not null
            """;
    private static final String COUNT = "select count(*) from task_open";

    private static final String SUSPECT_ROUTED =
            """
            update task_open set watch_at = now()
            where pool = ? and priority = ? and state in (2, 3) and watch_at is null and sent_at < ?
            """;
    private static final String SENT_BEFORE =
            """
            select count(*) from task_open
            where sent_at < now() - ? * interval '1 millisecond' and watch_at is null
            """;
    private static final String SUSPECT_SENT_BEFORE =
            """
            update task_open set watch_at = now() where task_id = any(array(
                select task_id from task_open
                where sent_at < now() - ? * interval '1 millisecond' and watch_at is null
                order by task_id limit ? for update skip locked))
            """;
    private static final String REOPEN =
            """
            insert into task_open (task_id, tenant, type, target, priority, state, epoch, fence, attempt, deadline,
                conversation, turn, halts, claimed_at)
            select t.id, t.tenant, t.type, t.target, t.priority, 0, t.epoch + 1, t.epoch + 1, 1,
                greatest(t.deadline, now() + (t.deadline - t.created_at)),
                case when t.conversation_seq is not null then t.conversation end, t.conversation_seq,
                coalesce(t.turn_options::jsonb ->> 'onFailure' = 'HALT', false),
                case when t.conversation_seq is not null and t.conversation is not null then 'infinity'::timestamptz end
            from task t join task_input i on i.task_id = t.id
            where t.id = ? and t.state >= 10
            on conflict do nothing
            """;
    private static final String FORGET_FINAL =
            """
            update task set state = null, finished_at = null, failure_code = null, failure_message = null,
                failure_retryable = null, failure_exception = null, failures = null,
                deadline = greatest(deadline, now() + (deadline - created_at))
            where id = ?
            """;

    private static final String FORGET_ROUNDS =
            "update delegation set tasks = 0, tokens = 0, cost = 0, continuation = null where task = ?";

    private final JdbcTemplate jdbc;
    private final TaskMeters meters;

    JdbcOpenTasks(JdbcTemplate jdbc, TaskMeters meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Override
    public long count() {
        Long count = jdbc.queryForObject(COUNT, Long.class);
        return count == null ? 0 : count;
    }

    @Override
    public List<OpenTask> claim(Lane lane, int limit) {
        return jdbc.query(
                CLAIM,
                JdbcOpenTasks::openTask,
                lane.priority().ordinal(),
                lane.tenant(),
                lane.target(),
                lane.type(),
                limit);
    }

    @Override
    public List<OpenTask> reclaim(Duration unconfirmedFor, int limit) {
        return jdbc.query(RECLAIM, JdbcOpenTasks::openTask, unconfirmedFor.toMillis(), limit);
    }

    @Override
    public List<OpenTask> reclaimUnanswered(Duration unansweredFor, int limit) {
        return jdbc.query(
                RECLAIM_UNANSWERED, JdbcOpenTasks::openTask, unansweredFor.toMillis(), limit);
    }

    @Override
    public void markSent(Collection<Ref> sent) {
        Rows.update(
                jdbc,
                MARK_SENT,
                List.copyOf(sent),
                rows -> rows.column("uuid", Ref::id).column("int4", Ref::epoch));
    }

    @Override
    public void release(Collection<UUID> ids) {
        Rows.update(jdbc, RELEASE, List.copyOf(ids), rows -> rows.column("uuid", id -> id));
    }

    @Override
    public void project(Collection<Progress> progress) {
        Rows.update(
                jdbc,
                PROJECT,
                List.copyOf(progress),
                rows ->
                        rows.column("uuid", Progress::id)
                                .column("int4", Progress::epoch)
                                .column("int4", Progress::attempt)
                                .column("int2", p -> p.state().number())
                                .time(Progress::at)
                                .column("text", Progress::pool)
                                .column("text", Progress::model)
                                .column("text", Progress::routeReason));
    }

    @Override
    public void interrupted(List<Interruption> interruptions) {
        Rows.update(
                jdbc,
                INTERRUPTED,
                interruptions,
                rows ->
                        rows.column("uuid", Interruption::id)
                                .column("int4", Interruption::epoch)
                                .column("int4", Interruption::attempt)
                                .column("int4", Interruption::interruptions)
                                .column("text", i -> TaskRow.failures(i.failures())));
    }

    @Override
    public List<Question> askDue() {
        return jdbc.query(
                ASK_DUE,
                (row, n) ->
                        new Question(
                                new Ref(row.getObject("task_id", UUID.class), row.getInt("epoch")),
                                row.getObject("watch_at", OffsetDateTime.class)));
    }

    @Override
    public void asked(Collection<Question> questions) {
        Rows.update(
                jdbc,
                ASKED,
                List.copyOf(questions),
                rows ->
                        rows.column("uuid", q -> q.task().id())
                                .column("timestamptz", Question::again));
    }

    @Override
    public void answered(Collection<UUID> ids, Duration askAgainAfter) {
        Rows.update(
                jdbc,
                ANSWERED,
                List.copyOf(ids),
                rows -> rows.value(askAgainAfter.toMillis()).column("uuid", id -> id));
    }

    @Override
    public int suspectRouted(String pool, Priority priority, Instant before) {
        return jdbc.update(
                SUSPECT_ROUTED, pool, priority.ordinal(), before.atOffset(ZoneOffset.UTC));
    }

    @Override
    public long sentBefore(Duration age) {
        Long count = jdbc.queryForObject(SENT_BEFORE, Long.class, age.toMillis());
        return count == null ? 0 : count;
    }

    @Override
    public int suspectSentBefore(Duration age, long limit) {
        return jdbc.update(SUSPECT_SENT_BEFORE, age.toMillis(), limit);
    }

    @Override
    public boolean reopen(UUID id) {
        if (jdbc.update(REOPEN, id) == 0) {
            return false;
        }
        jdbc.update(FORGET_FINAL, id);
        jdbc.update("delete from task_output where task_id = ?", id);
        jdbc.update(FORGET_ROUNDS, id);
        jdbc.update("delete from delegation_call where task = ?", id);
        jdbc.update("update conversation set halted_by = null where halted_by = ?", id);
        AfterCommit.run(meters::reopened);
        return true;
    }

    static OpenTask openTask(ResultSet row, int number) throws SQLException {
        return new OpenTask(
                row.getObject("task_id", UUID.class),
                row.getString("tenant"),
                row.getString("type"),
                row.getString("target"),
                Priority.values()[row.getInt("priority")],
                row.getInt("epoch"),
                row.getInt("attempt"),
                row.getInt("interruptions"),
                TaskRow.requiredTime(row, "created_at"),
                TaskRow.requiredTime(row, "deadline"),
                Duration.ofMillis(row.getLong("call_limit_ms")),
                row.getString("conversation"),
                TurnOptions.ofJson(row.getString("turn_options")),
                TaskRow.failures(row.getString("failures")),
                row.getString("trace_parent"),
                row.getObject("api_key", UUID.class),
                row.getInt("round"),
                row.getBytes("body"));
    }
}
