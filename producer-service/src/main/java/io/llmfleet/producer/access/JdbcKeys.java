package io.llmfleet.producer.access;

import io.llmfleet.model.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps keys in the store. */
final class JdbcKeys {

    private static final String COLUMNS = "id, name, tenant, role, created_at, revoked_at";

    private final JdbcClient jdbc;

    JdbcKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    ApiKey insert(byte[] hash, String name, String tenant, Role role) {
        return jdbc.sql(
                        "insert into access_key (id, secret_hash, tenant, role, name)"
                                + " values (?, ?, ?, ?, ?) returning "
                                + COLUMNS)
                .params(Ids.newId(), hash, tenant, role.wire(), name)
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
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("revoked_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
