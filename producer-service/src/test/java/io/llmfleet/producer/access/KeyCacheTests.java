package io.llmfleet.producer.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyCacheTests {

    private static final Caller CALLER = new Caller(new UUID(0, 1), "acme", Role.USER);

    private final AtomicInteger lookups = new AtomicInteger();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final SettableClock clock = new SettableClock();
    private @Nullable Caller stored = CALLER;
    private boolean away;
    private final KeyCache<String, Caller> cache =
            new KeyCache<>(hash -> lookup(), background::add, clock);

    @Test
    void knownKeyIsLookedUpOnce() {
        for (int i = 0; i < 100; i++) {
            assertThat(cache.get("h")).contains(CALLER);
        }
        assertThat(lookups).hasValue(1);
    }

    @Test
    void revokedKeyStopsWorkingWhenItsAnswerIsOld() {
        assertThat(cache.get("h")).contains(CALLER);
        stored = null;

        clock.pass(Duration.ofSeconds(5));

        assertThat(cache.get("h")).isEmpty();
    }

    @Test
    void keyInSteadyUseIsRefreshedInTheBackgroundByOneRequest() {
        assertThat(cache.get("h")).contains(CALLER);
        clock.pass(Duration.ofSeconds(3));

        assertThat(cache.get("h")).contains(CALLER);
        assertThat(cache.get("h")).contains(CALLER);

        assertThat(background).hasSize(1);
        background.remove().run();
        clock.pass(Duration.ofSeconds(4));
        assertThat(cache.get("h")).contains(CALLER);
        assertThat(lookups).hasValue(2);
    }

    @Test
    void refreshOfARevokedKeyEndsIt() {
        assertThat(cache.get("h")).contains(CALLER);
        stored = null;
        clock.pass(Duration.ofSeconds(3));
        assertThat(cache.get("h")).contains(CALLER);

        background.remove().run();

        assertThat(cache.get("h")).isEmpty();
    }

    @Test
    void unknownKeyIsNotRemembered() {
        stored = null;
        assertThat(cache.get("h")).isEmpty();
        stored = CALLER;

        assertThat(cache.get("h")).contains(CALLER);
    }

    @Test
    void storeThatIsAwayIsNotTakenForAWrongKey() {
        assertThat(cache.get("h")).contains(CALLER);
        away = true;
        clock.pass(Duration.ofSeconds(3));
        assertThat(cache.get("h")).contains(CALLER);
        background.remove().run();

        assertThat(cache.get("h")).contains(CALLER);
        clock.pass(Duration.ofSeconds(2));
        assertThatThrownBy(() -> cache.get("h")).hasMessage("away");
    }

    private Optional<Caller> lookup() {
        lookups.incrementAndGet();
        if (away) {
            throw new IllegalStateException("away");
        }
        return Optional.ofNullable(stored);
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
