package io.llmfleet.producer.access;

import io.llmfleet.model.Ids;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** Keeps keys in the store. */
final class JdbcKeys {

    private static final String COLUMNS = "id, name, tenant, role, limits, created_at, revoked_at";

    private static final TypeReference<Map<String, BigDecimal>> LIMITS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    JdbcKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    ApiKey insert(byte[] hash, String name, String tenant, Role role, KeyLimits limits) {
        return jdbc.sql(
                        "insert into access_key (id, secret_hash, tenant, role, name, limits)"
                                + " values (?, ?, ?, ?, ?, ?) returning "
                                + COLUMNS)
                .params(Ids.newId(), hash, tenant, role.wire(), name, Json.write(limits.wire()))
                .query(JdbcKeys::read)
                .single();
    }

    /** Makes this the one key of this id, whatever it was before. */
    void put(UUID id, byte[] hash, String name, String tenant, Role role) {
        jdbc.sql(
                        """
                        insert into access_key (id, secret_hash, tenant, role, name) values (?, ?, ?, ?, ?)
                        on conflict (id) do update set secret_hash = excluded.secret_hash, tenant = excluded.tenant,
                            role = excluded.role, name = excluded.name, revoked_at = null
                        """)
                .params(id, hash, tenant, role.wire(), name)
                .update();
    }

    Optional<ApiKey> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from access_key where id = ?")
                .param(id)
                .query(JdbcKeys::read)
                .optional();
    }

    /** Sets what {@code change} makes of a key's limits, though others may change them, too. */
    Optional<ApiKey> limit(UUID id, UnaryOperator<KeyLimits> change) {
        while (true) {
            Optional<String> old = limitsText(id);
            if (old.isEmpty()) {
                return Optional.empty();
            }
            Optional<ApiKey> changed = replace(id, old.get(), change);
            if (changed.isPresent()) {
                return changed;
            }
        }
    }

    private Optional<ApiKey> replace(UUID id, String old, UnaryOperator<KeyLimits> change) {
        return jdbc.sql(
                        "update access_key set limits = ? where id = ? and limits = ? returning "
                                + COLUMNS)
                .params(Json.write(change.apply(limits(old)).wire()), id, old)
                .query(JdbcKeys::read)
                .optional();
    }

    Optional<KeyLimits> limits(UUID id) {
        return limitsText(id).map(JdbcKeys::limits);
    }

    private Optional<String> limitsText(UUID id) {
        return jdbc.sql("select limits from access_key where id = ?")
                .param(id)
                .query(String.class)
                .optional();
    }

    private static KeyLimits limits(String json) {
        return KeyLimits.ofWire(Json.MAPPER.readValue(json, LIMITS));
    }

    List<ApiKey> list() {
        return jdbc.sql("select " + COLUMNS + " from access_key order by created_at, id")
                .query(JdbcKeys::read)
                .list();
    }

    Optional<ApiKey> revoke(UUID id) {
        return jdbc.sql(
                        "update access_key set revoked_at = coalesce(revoked_at, now())"
                                + " where id = ? returning "
                                + COLUMNS)
                .param(id)
                .query(JdbcKeys::read)
                .optional();
    }

    Optional<Caller> find(byte[] hash) {
        return jdbc.sql(
                        "select id, tenant, role from access_key"
                                + " where secret_hash = ? and revoked_at is null")
                .param(hash)
                .query(
                        (row, n) ->
                                new Caller(
                                        row.getObject("id", UUID.class),
                                        row.getString("tenant"),
                                        Role.of(row.getString("role"))))
                .optional();
    }

    private static ApiKey read(ResultSet row, int number) throws SQLException {
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("tenant"),
                Role.of(row.getString("role")),
                limits(row.getString("limits")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("revoked_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
