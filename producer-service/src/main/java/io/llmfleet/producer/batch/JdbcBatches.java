package io.llmfleet.producer.batch;

import io.llmfleet.model.Ids;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskCounts;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps batches in the store; how their tasks are is counted when it is asked for. */
final class JdbcBatches implements Batches {

    private final JdbcClient jdbc;
    private final TaskCounts counts;
    private final int keepDays;

    private record Row(Instant createdAt, boolean closed, int refused) {}

    /**
     * @param keepDays as long as tasks are kept
     */
    JdbcBatches(JdbcClient jdbc, TaskCounts counts, int keepDays) {
        this.jdbc = jdbc;
        this.counts = counts;
        this.keepDays = keepDays;
    }

    @Override
    public Opened open(String tenant, Optional<String> key) {
        UUID id = Ids.newId();
        jdbc.sql("delete from batch where created_at < now() - make_interval(days => ?)")
                .param(keepDays + 1)
                .update();
        key.ifPresent(k -> forgetOld(tenant, k));
        int added =
                jdbc.sql(
                                "insert into batch (id, tenant, created_at, key) values (?, ?, ?, ?)"
                                        + " on conflict (tenant, key) where key is not null do nothing")
                        .param(id)
                        .param(tenant)
                        .param(Ids.timeOf(id).atOffset(ZoneOffset.UTC))
                        .param(key.orElse(null))
                        .update();
        return added > 0 ? new Opened(id, false) : new Opened(known(tenant, key), true);
    }

    /** As long as the keys of its tasks are kept, and no longer. */
    private void forgetOld(String tenant, String key) {
        jdbc.sql(
                        "update batch set key = null where tenant = ? and key = ?"
                                + " and created_at < now() - interval '1 day'")
                .params(tenant, key)
                .update();
    }

    private UUID known(String tenant, Optional<String> key) {
        return jdbc.sql("select id from batch where tenant = ? and key = ?")
                .params(tenant, key.orElseThrow())
                .query(UUID.class)
                .single();
    }

    @Override
    public void close(UUID id, int refused) {
        jdbc.sql("update batch set closed_at = now(), refused = ? where id = ?")
                .params(refused, id)
                .update();
    }

    @Override
    public Optional<BatchView> find(String tenant, UUID id) {
        return jdbc.sql(
                        "select created_at, closed_at is not null as closed, refused from batch"
                                + " where tenant = ? and id = ?")
                .params(tenant, id)
                .query(
                        (row, n) ->
                                new Row(
                                        row.getObject("created_at", OffsetDateTime.class)
                                                .toInstant(),
                                        row.getBoolean("closed"),
                                        row.getInt("refused")))
                .optional()
                .map(row -> view(id, row));
    }

    private BatchView view(UUID id, Row row) {
        TaskCounts.OfBatch tasks = counts.ofBatch(id);
        Instant last = tasks.lastCreatedAt() == null ? row.createdAt() : tasks.lastCreatedAt();
        Map<TaskState, Long> states = tasks.states();
        return new BatchView(
                id,
                row.createdAt(),
                states.values().stream().mapToLong(Long::longValue).sum(),
                row.refused(),
                states,
                BatchPolicy.isFinished(row.closed(), last, states, Instant.now()));
    }
}
