package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The order of turns, in PostgreSQL; V22 says how. */
final class JdbcTurns implements Turns {

    private static final String SELECT =
            """
            select c.key, c.last_turn, c.halted_by, c.updated_at,
                (select count(*) from task_open o where o.tenant = c.tenant and o.conversation = c.key) as unfinished
            from conversation c where c.tenant = ?
            """;
    private static final String FIND = SELECT + " and c.key = ?";
    private static final String NEXT =
            """
            with taken as (
                select o.task_id, o.epoch, o.attempt, o.interruptions, o.failures, o.round
                from task_open o where o.task_id = any(array(select turn_next(?, ?))))
            """
                    + JdbcOpenTasks.OF_TAKEN;
    private static final String STALLED =
            """
            select distinct h.tenant, h.conversation from task_open h
            where h.claimed_at = 'infinity' and h.conversation is not null and not h.waits
                and not exists (
                    select from task_open o
                    where o.tenant = h.tenant and o.conversation = h.conversation
                        and (o.claimed_at is distinct from 'infinity' or o.waits))
                and not exists (
                    select from conversation c
                    where c.tenant = h.tenant and c.key = h.conversation and c.halted_by is not null)
            limit ?
            """;
    private static final String INTERRUPTED =
            """
            select o.tenant, o.task_id from conversation c
            join task_open o on o.tenant = c.tenant and o.conversation = c.key and o.turn < c.interrupt_before
            where c.interrupt_before > 0 order by o.tenant, o.conversation, o.turn desc limit ?
            """;
    private static final String INTERRUPTION_DONE =
            """
            update conversation c set interrupt_before = 0
            where c.interrupt_before > 0 and not exists (
                select from task_open o
                where o.tenant = c.tenant and o.conversation = c.key and o.turn < c.interrupt_before)
            """;
    private static final String HALT =
            """
            update conversation set halted_by = ?, updated_at = now()
            where tenant = ? and key = ? and halted_by is null
            """;
    private static final String BEFORE =
            """
            select i.body as input, r.body as output
            from task t join task_input i on i.task_id = t.id join task_output r on r.task_id = t.id
            where t.tenant = ? and t.conversation = ? and t.type = ? and t.state = ?
                and t.conversation_seq < (select m.conversation_seq from task m where m.id = ?)
            order by t.conversation_seq desc limit ?
            """;
    private static final String FORGET =
            """
            delete from conversation c
            where c.updated_at < now() - ? * interval '1 day' and not exists (
                select from task_open o where o.tenant = c.tenant and o.conversation = c.key)
            """;

    private final JdbcTemplate jdbc;

    JdbcTurns(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<State> find(Key key) {
        return jdbc.query(FIND, JdbcTurns::state, key.tenant(), key.conversation()).stream()
                .findFirst();
    }

    @Override
    public List<Listed> list(Filter filter) {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> arguments = new ArrayList<>(List.of(filter.tenant()));
        if (filter.conversation() != null) {
            sql.append(" and c.key = ?");
            arguments.add(filter.conversation());
        }
        if (filter.halted() != null) {
            sql.append(" and (c.halted_by is not null) = ?");
            arguments.add(filter.halted());
        }
        Place after = filter.after();
        if (after != null) {
            sql.append(" and (c.updated_at, c.key) < (?, ?)");
            arguments.add(after.updatedAt().atOffset(ZoneOffset.UTC));
            arguments.add(after.conversation());
        }
        sql.append(" order by c.updated_at desc, c.key desc limit ?");
        arguments.add(filter.limit());
        return jdbc.query(
                sql.toString(),
                (row, n) -> new Listed(row.getString("key"), state(row, n)),
                arguments.toArray());
    }

    private static State state(ResultSet row, int number) throws SQLException {
        return new State(
                row.getLong("last_turn"),
                row.getLong("unfinished"),
                row.getObject("halted_by", UUID.class),
                TaskRow.requiredTime(row, "updated_at"));
    }

    @Override
    public List<OpenTask> next(Collection<Key> keys) {
        return keys.isEmpty()
                ? List.of()
                : Rows.query(
                        jdbc,
                        NEXT,
                        List.copyOf(keys),
                        rows -> rows.column("text", Key::tenant).column("text", Key::conversation),
                        JdbcOpenTasks::openTask);
    }

    @Override
    public List<Key> stalled(int limit) {
        return jdbc.query(
                STALLED,
                (row, n) -> new Key(row.getString("tenant"), row.getString("conversation")),
                limit);
    }

    @Override
    public List<Open> interrupted(int limit) {
        List<Open> open =
                jdbc.query(
                        INTERRUPTED,
                        (row, n) ->
                                new Open(
                                        row.getString("tenant"),
                                        row.getObject("task_id", UUID.class)),
                        limit);
        if (open.isEmpty()) {
            jdbc.update(INTERRUPTION_DONE);
        }
        return open;
    }

    @Override
    public void halt(List<StoredOutcome> failed) {
        failed.stream()
                .sorted(
                        Comparator.comparing(StoredOutcome::tenant)
                                .thenComparing(o -> String.valueOf(o.conversation())))
                .forEach(o -> jdbc.update(HALT, o.outcome().id(), o.tenant(), o.conversation()));
    }

    @Override
    public boolean resume(Key key) {
        return jdbc.update(
                        "update conversation set halted_by = null, updated_at = now()"
                                + " where tenant = ? and key = ? and halted_by is not null",
                        key.tenant(),
                        key.conversation())
                > 0;
    }

    @Override
    public void resumeAfter(UUID failed) {
        jdbc.update("update conversation set halted_by = null where halted_by = ?", failed);
    }

    @Override
    public List<Said> before(OpenTask turn, int limit) {
        return jdbc.query(
                BEFORE,
                (row, n) -> new Said(row.getBytes("input"), row.getBytes("output")),
                turn.tenant(),
                turn.conversation(),
                turn.type(),
                TaskState.SUCCEEDED.number(),
                turn.id(),
                limit);
    }

    @Override
    public int forgetIdle(int days) {
        return jdbc.update(FORGET, days);
    }

    @Override
    public long halted() {
        Long count =
                jdbc.queryForObject(
                        "select count(*) from conversation where halted_by is not null",
                        Long.class);
        return count == null ? 0 : count;
    }
}
