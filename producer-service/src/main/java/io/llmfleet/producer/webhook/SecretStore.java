package io.llmfleet.producer.webhook;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The secrets of tenants; each is made when it is first needed. */
final class SecretStore {

    private static final int BYTES = 32;
    private static final String PREFIX = "whsec_";

    private static final String ENSURE =
            "insert into webhook_secret (tenant, secret) values (?, ?) on conflict do nothing";
    private static final String ROTATE =
            """
            insert into webhook_secret (tenant, secret) values (?, ?)
            on conflict (tenant) do update set secret = excluded.secret, created_at = now(),
                previous = webhook_secret.secret, previous_until = now() + interval '1 day'
            """;

    private final JdbcTemplate jdbc;
    private final SecureRandom random = new SecureRandom();

    SecretStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    WebhookSecret get(String tenant) {
        jdbc.update(ENSURE, tenant, random());
        return read(tenant);
    }

    WebhookSecret rotate(String tenant) {
        jdbc.update(ROTATE, tenant, random());
        return read(tenant);
    }

    /** All that sign now, the newest first. */
    List<byte[]> signing(String tenant) {
        jdbc.update(ENSURE, tenant, random());
        return jdbc.query(
                "select secret, case when previous_until > now() then previous end as previous"
                        + " from webhook_secret where tenant = ?",
                row -> {
                    row.next();
                    List<byte[]> all = new ArrayList<>(List.of(row.getBytes("secret")));
                    byte[] previous = row.getBytes("previous");
                    if (previous != null) {
                        all.add(previous);
                    }
                    return all;
                },
                tenant);
    }

    private byte[] random() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private WebhookSecret read(String tenant) {
        return jdbc.queryForObject(
                "select * from webhook_secret where tenant = ?", SecretStore::read, tenant);
    }

    private static WebhookSecret read(ResultSet row, int number) throws SQLException {
        OffsetDateTime until = row.getObject("previous_until", OffsetDateTime.class);
        return new WebhookSecret(
                PREFIX + Base64.getEncoder().encodeToString(row.getBytes("secret")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                until == null ? null : until.toInstant());
    }
}
