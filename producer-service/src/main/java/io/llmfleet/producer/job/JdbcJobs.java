package io.llmfleet.producer.job;

import io.llmfleet.model.Ids;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.wire.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Jobs in PostgreSQL, for those who ask for them. */
final class JdbcJobs implements Jobs {

    private static final String INSERT =
            """
            insert into batch_job (id, tenant, api_key, endpoint, input_file, completion_window, metadata, webhook,
                trace_parent, created_at, expires_at, key, fingerprint)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant, key) where key is not null do nothing
            """;
    private static final String CANCEL =
            """
            update batch_job set state = 'cancelling', cancelling_at = now(), next_at = now()
            where tenant = ? and id = ? and state in ('validating', 'in_progress')
            """;

    private final JdbcTemplate jdbc;
    private volatile Runnable listener = () -> {};

    JdbcJobs(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Called when there is something to do. */
    void onChange(Runnable changed) {
        listener = changed;
    }

    @Override
    public Optional<Created> create(NewJob job, Optional<OnceKey> key) {
        key.ifPresent(k -> forgetOld(job.tenant(), k.key()));
        UUID id = Ids.newId();
        if (insert(id, job, key) > 0) {
            listener.run();
            return find(job.tenant(), id).map(created -> new Created(created, false));
        }
        return key.flatMap(k -> find(job.tenant(), k)).map(known -> new Created(known, true));
    }

    @Override
    public Optional<Job> find(String tenant, OnceKey key) {
        return jdbc
                .query(
                        "select * from batch_job where tenant = ? and key = ? and fingerprint = ?"
                                + " and created_at > now() - interval '1 day'",
                        JobRow::read,
                        tenant,
                        key.key(),
                        key.fingerprint())
                .stream()
                .findFirst();
    }

    /** As long as the keys of tasks are kept, and no longer. */
    private void forgetOld(String tenant, String key) {
        jdbc.update(
                "update batch_job set key = null where tenant = ? and key = ?"
                        + " and created_at < now() - interval '1 day'",
                tenant,
                key);
    }

    private int insert(UUID id, NewJob job, Optional<OnceKey> key) {
        Instant created = Ids.timeOf(id);
        return jdbc.update(
                INSERT,
                id,
                job.tenant(),
                job.apiKey(),
                job.endpoint(),
                job.inputFile(),
                job.windowText(),
                job.metadata().isEmpty() ? null : Json.write(job.metadata()),
                job.webhook(),
                job.traceParent(),
                created.atOffset(ZoneOffset.UTC),
                created.plus(job.window()).atOffset(ZoneOffset.UTC),
                key.map(OnceKey::key).orElse(null),
                key.map(OnceKey::fingerprint).orElse(null));
    }

    @Override
    public Optional<Job> find(String tenant, UUID id) {
        return jdbc
                .query(
                        "select * from batch_job where tenant = ? and id = ?",
                        JobRow::read,
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    /** The job whose output or errors this file shows. */
    Optional<Job> ofFile(UUID file) {
        return jdbc
                .query(
                        "select * from batch_job where output_file = ? or error_file = ?",
                        JobRow::read,
                        file,
                        file)
                .stream()
                .findFirst();
    }

    @Override
    public List<Job> list(String tenant, @Nullable UUID after, int limit) {
        List<Object> arguments = new ArrayList<>(List.of(tenant));
        if (after != null) {
            arguments.add(after);
        }
        arguments.add(limit);
        return jdbc.query(
                "select * from batch_job where tenant = ?"
                        + (after == null ? "" : " and id < ?")
                        + " order by id desc limit ?",
                JobRow::read,
                arguments.toArray());
    }

    @Override
    public Optional<Job> cancel(String tenant, UUID id) {
        if (jdbc.update(CANCEL, tenant, id) > 0) {
            listener.run();
        }
        return find(tenant, id);
    }
}
