package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.DefinitionError;
import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.StorableJson;
import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Definitions in PostgreSQL, beside the shipped ones. */
final class JdbcPipelines implements Pipelines {

    private static final String FIND =
            """
            select * from pipeline where tenant = ? and name = ? and (?::int is null or version = ?)
            order by version desc limit 1
            """;
    private static final String LIST =
            "select distinct on (name) * from pipeline where tenant = ? order by name, version desc";
    private static final String INSERT =
            """
            insert into pipeline (tenant, name, version, definition)
            select ?, ?, coalesce(max(version), 0) + 1, ? from pipeline where tenant = ? and name = ?
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final DefinitionReader reader;
    private final StoredDefinitions definitions;
    private final Map<String, StoredPipeline> shipped;

    /**
     * @param reader checks what is new; what is stored was checked
     */
    JdbcPipelines(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            DefinitionReader reader,
            StoredDefinitions definitions,
            Map<String, StoredPipeline> shipped) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.reader = reader;
        this.definitions = definitions;
        this.shipped = shipped;
    }

    @Override
    public Put put(String tenant, String name, byte[] text) {
        return switch (reader.read(text)) {
            case DefinitionReader.Invalid invalid -> new Refused(invalid);
            case DefinitionReader.Valid valid
                    when StorableJson.firstError(valid.pipeline().json()).isPresent() ->
                    refused(StorableJson.firstError(valid.pipeline().json()).get());
            case DefinitionReader.Valid valid ->
                    Objects.requireNonNull(
                            transactions.execute(tx -> put(tenant, name, valid.pipeline())));
        };
    }

    private static Refused refused(FieldError unstorable) {
        return new Refused(
                new DefinitionReader.Invalid(
                        List.of(new DefinitionError(unstorable.field(), unstorable.message()))));
    }

    private Put put(String tenant, String name, Pipeline pipeline) {
        jdbc.query(
                "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                row -> {},
                "pipeline:" + tenant + ":" + name);
        Optional<StoredPipeline> latest = stored(tenant, name, null);
        if (latest.isPresent() && latest.get().pipeline().json().equals(pipeline.json())) {
            return new Stored(latest.get(), false);
        }
        jdbc.update(INSERT, tenant, name, Json.write(pipeline.json()), tenant, name);
        return new Stored(stored(tenant, name, null).orElseThrow(), true);
    }

    @Override
    public Optional<StoredPipeline> find(String tenant, String name, @Nullable Integer version) {
        return stored(tenant, name, version)
                .or(
                        () ->
                                Optional.ofNullable(shipped.get(name))
                                        .filter(s -> version == null || version == s.version())
                                        .filter(s -> stored(tenant, name, null).isEmpty()));
    }

    private Optional<StoredPipeline> stored(String tenant, String name, @Nullable Integer version) {
        return jdbc.query(FIND, this::read, tenant, name, version, version).stream().findFirst();
    }

    @Override
    public List<StoredPipeline> list(String tenant) {
        Map<String, StoredPipeline> all = new TreeMap<>(shipped);
        jdbc.query(LIST, this::read, tenant).forEach(p -> all.put(p.name(), p));
        return List.copyOf(all.values());
    }

    private StoredPipeline read(ResultSet row, int number) throws SQLException {
        return new StoredPipeline(
                row.getString("name"),
                row.getInt("version"),
                definitions.of(row.getString("definition")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
