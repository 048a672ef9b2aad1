package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.ProducerUnderTest;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** How a minute begins, ends and passes on what is owed, at times that the test says. */
class LimitWindowIT {

    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-01T12:00:00Z");

    private final JdbcTemplate jdbc = ProducerUnderTest.shared().part(JdbcTemplate.class);
    private String owner;

    @BeforeEach
    void newOwner() {
        owner = UUID.randomUUID().toString();
    }

    /** 100 may be taken within a minute, and one takes 60 at second 0. */
    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            value = {
                "second, least, most, limit, granted, used, left",
                "30,     1,     1,    100,   1,       61,   30000",
                "30,     40,    40,   100,   40,      100,  30000",
                "30,     41,    41,   100,   0,       60,   30000",
                "30,     1,     50,   100,   40,      100,  30000",
                "59.9,   41,    41,   100,   0,       60,   100",
                "60,     100,   100,  100,   100,     100,  60000",
                // A minute begins with the first request after the one before.
                "75,     1,     1,    100,   1,       1,    60000",
                "30,     1,     1,    50,    0,       60,   30000",
                "30,     100,   100,  200,   100,     160,  30000",
                "75,     30,    30,   50,    30,      30,   60000",
                // Another clock that is late.
                "-5,     1,     1,    100,   1,       61,   65000",
            })
    void grantsWhatIsLeftOfTheMinute(
            double second, long least, long most, long limit, long granted, long used, long left) {
        take(60, 60, 100, 0);

        Map<String, Object> taken = take(least, most, limit, second);

        assertThat(taken.get("granted")).isEqualTo(granted);
        assertThat(taken.get("used")).isEqualTo(used);
        assertThat(taken.get("left_ms")).isEqualTo(left);
    }

    @Test
    void whatWasUsedBeyondTheLimitIsOwedByTheMinutesAfter() {
        UUID task = UUID.randomUUID();
        admit(task, 10, 100, 0);
        settle(task, 260, 20);
        assertThat(take(1, 1, 100, 30).get("used")).isEqualTo(260L);

        assertThat(take(1, 1, 100, 61).get("granted")).isEqualTo(0L);
        assertThat(take(40, 40, 100, 121))
                .containsEntry("granted", 40L)
                .containsEntry("used", 100L)
                .containsEntry("left_ms", 59000L);
    }

    @Test
    void fewerTokensThanTakenAreGivenBackWithinTheMinuteAlone() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        admit(first, 50, 100, 0);
        admit(second, 50, 100, 10);

        settle(first, 5, 30);
        assertThat(take(55, 55, 100, 31).get("granted")).isEqualTo(0L);
        assertThat(take(45, 45, 100, 31).get("granted")).isEqualTo(45L);
        take(80, 80, 100, 70);
        settle(second, 5, 71);
        assertThat(take(21, 21, 100, 72).get("granted")).isEqualTo(0L);
        assertThat(take(20, 20, 100, 72).get("granted")).isEqualTo(20L);
    }

    @Test
    void whatIsSettledTwiceIsGivenBackOnce() {
        UUID task = UUID.randomUUID();
        admit(task, 50, 100, 0);

        settle(task, 10, 1);
        settle(task, 10, 2);

        assertThat(take(90, 90, 100, 3).get("granted")).isEqualTo(90L);
        assertThat(take(1, 1, 100, 3).get("granted")).isEqualTo(0L);
    }

    private Map<String, Object> take(long least, long most, long limit, double second) {
        return jdbc.queryForMap(
                "select granted, used, left_ms from limit_take(?, 'tokens', ?, ?, ?, ?)",
                owner,
                least,
                most,
                limit,
                at(second));
    }

    private void admit(UUID task, long tokens, long limit, double second) {
        jdbc.queryForMap(
                "select * from limit_admit(?, ?, 'it', null, null, ?, ?, ?)",
                task,
                owner,
                tokens,
                limit,
                at(second));
    }

    private void settle(UUID task, long tokens, double second) {
        jdbc.queryForList(
                "select limit_settle(array[?::uuid], array[?::bigint], ?)",
                task,
                tokens,
                at(second));
    }

    private static OffsetDateTime at(double second) {
        return START.plusNanos((long) (second * 1e9));
    }
}
