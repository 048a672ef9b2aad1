package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLeasesTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicInteger asked = new AtomicInteger();
    private long endsAt = -5 + MINUTE.toNanos();
    private long used;

    private final RequestLeases one = new RequestLeases(this::take, now::get);
    private final RequestLeases two = new RequestLeases(this::take, now::get);

    /** The store's window. */
    private synchronized RequestLeases.Grant take(
            String owner, long atLeast, long atMost, long limit) {
        asked.incrementAndGet();
        if (now.get() >= endsAt) {
            endsAt = now.get() + MINUTE.toNanos();
            used = 0;
        }
        long granted = used + atLeast <= limit ? Math.min(atMost, limit - used) : 0;
        used += granted;
        return new RequestLeases.Grant(granted, used, Duration.ofNanos(endsAt - now.get()));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "600,1", "1199,1", "1200,2", "6000,10", "1000000,1666"})
    void takesOneByOneWhereItMatters(long limit, long block) {
        assertThat(RequestLeases.block(limit)).isEqualTo(block);
    }

    @ParameterizedTest
    @CsvSource({"1", "50", "600", "1999", "6000"})
    void replicasNeverGrantMoreThanTheLimit(int limit) {
        long granted =
                IntStream.range(0, 2 * limit + 10)
                        .filter(i -> (i % 2 == 0 ? one : two).take("a", limit).granted())
                        .count();

        assertThat(granted)
                .isLessThanOrEqualTo(limit)
                .isGreaterThan(limit - RequestLeases.block(limit));
    }

    @Test
    void aSpentMinuteIsRememberedUntilItEnds() {
        IntStream.range(0, 3).forEach(i -> one.take("a", 3));
        for (int i = 0; i < 100; i++) {
            RequestLeases.Verdict verdict = one.take("a", 3);
            assertThat(verdict.granted()).isFalse();
            assertThat(verdict.window().remaining()).isZero();
        }
        assertThat(asked).hasValue(3);

        now.addAndGet(MINUTE.toNanos());

        assertThat(one.take("a", 3).granted()).isTrue();
    }

    @Test
    void whatIsLeftOfABlockEndsWithItsMinute() {
        assertThat(one.take("a", 6000).window()).isEqualTo(new Window(6000, 1, MINUTE));
        now.addAndGet(MINUTE.toNanos() - 1);
        assertThat(one.take("a", 6000).window())
                .isEqualTo(new Window(6000, 2, Duration.ofNanos(1)));
        assertThat(asked).hasValue(1);

        now.incrementAndGet();

        assertThat(one.take("a", 6000).granted()).isTrue();
        assertThat(asked).hasValue(2);
    }

    @Test
    void whileTheStoreIsAwayItIsAskedOnceASecond() {
        RequestLeases.Store away =
                (owner, least, most, limit) -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("away");
                };
        RequestLeases leases = new RequestLeases(away, now::get);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> leases.take("a", 5)).hasMessage("away");
        }
        assertThat(asked).hasValue(1);

        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThatThrownBy(() -> leases.take("a", 5)).hasMessage("away");
        assertThat(asked).hasValue(2);
    }

    @Test
    void aChangedLimitHoldsAtOnce() {
        one.take("a", 1);
        assertThat(one.take("a", 1).granted()).isFalse();

        assertThat(one.take("a", 2).granted()).isTrue();
        assertThat(one.take("a", 1).granted()).isFalse();
    }
}
