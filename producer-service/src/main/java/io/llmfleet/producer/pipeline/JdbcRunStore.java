package io.llmfleet.producer.pipeline;

import io.llmfleet.model.Ids;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.run.CallKey;
import io.llmfleet.producer.pipeline.run.CallRecord;
import io.llmfleet.producer.pipeline.run.Next;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepRecords;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rows of runs. Who changes a run has its row locked; a result is added to its task's row alone.
 */
final class JdbcRunStore {

    private static final String INSERT =
            """
            insert into pipeline_run (id, tenant, api_key, pipeline, version, definition, input, trace_parent,
                created_at, deadline) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String SAVE_STEP =
            """
            insert into pipeline_step (run, step, state, started_at, finished_at, items, output, problem)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (run, step) do update set state = excluded.state, started_at = excluded.started_at,
                finished_at = excluded.finished_at, items = excluded.items, output = excluded.output,
                problem = excluded.problem
            """;
    private static final String PLAN =
            """
            insert into pipeline_call (task, run, step, item, iteration, part, attempt, request, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String LIST =
            """
            select id, tenant, api_key, pipeline, version, null as input, state, null as output, problem, trace_parent,
                created_at, deadline, finished_at, resumed
            from pipeline_run where tenant = ? and (?::text is null or pipeline = ?)
                and (?::text is null or state = ?) and (?::uuid is null or id < ?)
            order by id desc limit ?
            """;

    private final JdbcTemplate jdbc;
    private final StoredDefinitions definitions;

    JdbcRunStore(JdbcTemplate jdbc, StoredDefinitions definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
    }

    UUID insert(NewRun run) {
        UUID id = Ids.newId();
        Pipeline pipeline = run.pipeline().pipeline();
        Instant now = Ids.timeOf(id);
        jdbc.update(
                INSERT,
                id,
                run.tenant(),
                run.key(),
                run.pipeline().name(),
                run.pipeline().version(),
                Json.write(pipeline.json()),
                Json.write(run.input()),
                run.traceParent(),
                RunRow.column(now),
                RunRow.column(now.plus(pipeline.deadline())));
        return id;
    }

    /** Whether it may be changed now; not if another one has it, or there is none. */
    boolean tryLock(UUID id) {
        return !jdbc.queryForList(
                        "select 1 from pipeline_run where id = ? for update skip locked", id)
                .isEmpty();
    }

    Optional<Run> find(UUID id) {
        return read("id = ?", id);
    }

    /** Waits for who has it. */
    Optional<Run> lock(String tenant, UUID id) {
        return read("id = ? and tenant = ? for update", id, tenant);
    }

    Optional<Run> find(String tenant, UUID id) {
        return read("id = ? and tenant = ?", id, tenant);
    }

    private Optional<Run> read(String where, Object... arguments) {
        return jdbc
                .query("select * from pipeline_run where " + where, this::head, arguments)
                .stream()
                .findFirst()
                .map(this::whole);
    }

    List<Run> list(
            String tenant,
            @Nullable String pipeline,
            @Nullable RunState state,
            @Nullable UUID after,
            int limit) {
        String word = state == null ? null : state.name();
        return jdbc.query(
                LIST,
                (row, n) -> RunRow.run(row, null),
                tenant,
                pipeline,
                pipeline,
                word,
                word,
                after,
                after,
                limit);
    }

    private Run head(ResultSet row, int number) throws SQLException {
        String definition = row.getString("definition");
        return RunRow.run(row, definition == null ? null : definitions.of(definition));
    }

    private Run whole(Run run) {
        List<StepRecord> steps =
                jdbc.query("select * from pipeline_step where run = ?", RunRow::step, run.id());
        List<CallRecord> calls =
                jdbc.query(
                        "select * from pipeline_call where run = ? and not set_aside"
                                + " order by step, item, iteration, part, attempt",
                        RunRow::call,
                        run.id());
        Used used =
                jdbc.query(
                                "select coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost), 0) as cost"
                                        + " from pipeline_call where run = ?",
                                (row, n) ->
                                        new Used(row.getLong("tokens"), row.getBigDecimal("cost")),
                                run.id())
                        .getFirst();
        return new Run(
                run.id(),
                run.tenant(),
                run.key(),
                run.pipeline(),
                run.version(),
                run.definition(),
                run.input(),
                run.state(),
                run.output(),
                run.problem(),
                run.traceParent(),
                run.createdAt(),
                run.deadline(),
                run.finishedAt(),
                run.resumed(),
                steps,
                calls,
                used.tokens(),
                used.cost());
    }

    private record Used(long tokens, BigDecimal cost) {}

    /**
     * Writes what is next.
     *
     * @return tasks that are planned with it
     */
    List<PlannedCall> save(Run run, Next next, Instant now) {
        next.changed().forEach(s -> saveStep(run.id(), s));
        if (next.state() != run.state()) {
            end(run.id(), next.state(), next.output(), next.problem(), now);
        }
        List<PlannedCall> planned = new ArrayList<>();
        for (Next.Start start : next.start()) {
            planned.add(plan(run, start, now));
        }
        return planned;
    }

    void end(
            UUID run,
            RunState state,
            @Nullable JsonNode output,
            @Nullable Problem problem,
            Instant now) {
        jdbc.update(
                "update pipeline_run set state = ?, output = ?, problem = ?, finished_at = ? where id = ?",
                state.name(),
                RunRow.text(output),
                RunRow.text(problem),
                RunRow.column(now),
                run);
    }

    void saveStep(UUID run, StepRecord step) {
        jdbc.update(
                SAVE_STEP,
                run,
                step.id(),
                step.state().name(),
                RunRow.column(step.startedAt()),
                RunRow.column(step.finishedAt()),
                RunRow.text(step.items()),
                RunRow.text(step.output()),
                RunRow.text(step.problem()));
    }

    private PlannedCall plan(Run run, Next.Start start, Instant now) {
        UUID task = Ids.newId();
        CallKey key = start.key();
        ObjectNode request = ((ObjectNode) start.request()).deepCopy();
        request.put("deadline", start.deadline().toString());
        request.putObject("metadata")
                .put("pipeline", run.pipeline())
                .put("run", run.id().toString())
                .put("step", key.step());
        jdbc.update(
                PLAN,
                task,
                run.id(),
                key.step(),
                key.item(),
                key.iteration(),
                key.part(),
                key.attempt(),
                Json.write(request),
                RunRow.column(now));
        return new PlannedCall(run, task, request);
    }

    /**
     * Notes that a task is accepted.
     *
     * @return false if the run has no use for it any more
     */
    boolean accepted(UUID task) {
        return jdbc.update(
                        """
                        update pipeline_call c set request = null where task = ? and (state is null or state <> ?)
                            and exists (select from pipeline_run r where r.id = c.run and r.state = 'RUNNING')
                        """,
                        task,
                        TaskState.CANCELLED.number())
                > 0;
    }

    /** Its content was deleted, or it is gone. */
    boolean isErased(UUID run) {
        return jdbc.queryForList(
                        "select 1 from pipeline_run where id = ? and definition is not null", run)
                .isEmpty();
    }

    /** Notes that no task could be made of it. */
    void refused(UUID task, Problem problem, Instant now) {
        jdbc.update(
                """
                update pipeline_call set request = null, state = ?, problem = ?, finished_at = ?
                where task = ? and state is null
                """,
                TaskState.FAILED.number(),
                RunRow.text(problem),
                RunRow.column(now),
                task);
    }

    /** Planned tasks of a run that ended are never submitted. */
    void dropPlanned(UUID run, Instant now) {
        jdbc.update(
                """
                update pipeline_call set request = null, state = ?, finished_at = ?
                where run = ? and state is null and request is not null
                """,
                TaskState.CANCELLED.number(),
                RunRow.column(now),
                run);
    }

    /**
     * Notes that nobody needs a task that is planned.
     *
     * @return false if it was accepted before, or is not planned any more
     */
    boolean drop(UUID task, Instant now) {
        return jdbc.update(
                        """
                        update pipeline_call set request = null, state = ?, finished_at = ?
                        where task = ? and state is null and request is not null
                        """,
                        TaskState.CANCELLED.number(),
                        RunRow.column(now),
                        task)
                > 0;
    }

    void resume(Run run, Pipeline definition, Instant now) {
        jdbc.update(
                "update pipeline_call set set_aside = true where run = ? and state <> ?",
                run.id(),
                TaskState.SUCCEEDED.number());
        jdbc.update(
                """
                update pipeline_run set state = 'RUNNING', problem = null, finished_at = null, deadline = ?,
                    resumed = resumed + 1
                where id = ?
                """,
                RunRow.column(now.plus(definition.deadline())),
                run.id());
        StepRecords.resumed(definition, run.steps(), now).forEach(s -> saveStep(run.id(), s));
    }

    /** All of its tasks, those set aside included. */
    List<UUID> tasks(UUID run) {
        return jdbc.queryForList("select task from pipeline_call where run = ?", UUID.class, run);
    }

    void erase(UUID run) {
        jdbc.update(
                "update pipeline_run set definition = null, input = null, output = null where id = ?",
                run);
        jdbc.update("update pipeline_step set items = null, output = null where run = ?", run);
        jdbc.update("update pipeline_call set request = null, output = null where run = ?", run);
    }
}
