package io.llmfleet.producer.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Ids;
import io.llmfleet.producer.StoreUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What becomes of responses on a real PostgreSQL. */
class ResponseRetentionIT {

    private static StoreUnderTest tables;
    private static JdbcTemplate jdbc;
    private static JdbcResponses responses;

    @BeforeAll
    static void migrate() {
        tables = new StoreUnderTest();
        jdbc = tables.jdbc();
        responses = new JdbcResponses(jdbc);
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    @Test
    void isFoundByItsTenantOnly() {
        UUID id = kept(Duration.ZERO, false);

        assertThat(responses.find("acme", id).orElseThrow().request())
                .isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(responses.find("other", id)).isEmpty();
    }

    @Test
    void goesWithTheContentOfItsDay() {
        UUID old = kept(Duration.ofDays(9), true);
        UUID recent = kept(Duration.ofDays(6), true);

        responses.forgetOld(7);

        assertThat(responses.find("acme", old)).isEmpty();
        assertThat(responses.find("acme", recent)).isPresent();
    }

    @Test
    void isForgottenSoonWhereThereIsNoTask() {
        UUID orphan = kept(Duration.ofHours(2), false);
        UUID fresh = kept(Duration.ofMinutes(1), false);
        UUID accepted = kept(Duration.ofHours(2), true);

        responses.forgetOrphans();

        assertThat(responses.find("acme", orphan)).isEmpty();
        assertThat(responses.find("acme", fresh)).isPresent();
        assertThat(responses.find("acme", accepted)).isPresent();
    }

    private static UUID kept(Duration ago, boolean task) {
        Instant at = Instant.now().minus(ago);
        UUID some = Ids.newId();
        UUID id =
                new UUID(
                        Ids.floorOf(at).getMostSignificantBits() | 0x7000,
                        some.getLeastSignificantBits());
        responses.keep(new KeptResponse(id, "acme", "{}".getBytes(StandardCharsets.UTF_8)));
        jdbc.update(
                "update response set created_at = now() - ? * interval '1 second' where task_id = ?",
                ago.toSeconds(),
                id);
        if (task) {
            jdbc.update(
                    """
                    insert into task (id, tenant, type, target, priority, created_at, deadline, call_limit_ms, trace_parent)
                    values (?, 'acme', 'chat', 'any', 1, now(), now(), 1, 'x')
                    """,
                    id);
        }
        return id;
    }
}
