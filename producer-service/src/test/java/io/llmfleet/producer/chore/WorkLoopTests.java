package io.llmfleet.producer.chore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkLoopTests {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private WorkLoop loop = new WorkLoop("work", 2, NEVER);

    @AfterEach
    void stop() {
        end.countDown();
        loop.stop(GRACE);
    }

    @Test
    void looksWhenItIsTold() {
        loop.start(looks::incrementAndGet, () -> {});

        loop.tell();
        await().until(() -> looks.get() == 1);
        loop.tell();
        await().until(() -> looks.get() == 2);
    }

    @Test
    void looksAfterAPauseAlthoughNobodyTells() {
        loop = new WorkLoop("work", 2, Duration.ofMillis(10));

        loop.start(looks::incrementAndGet, () -> {});

        await().until(() -> looks.get() > 3);
    }

    @Test
    void looksAgainAfterALookThatFailed() {
        loop.start(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                },
                () -> {});

        loop.tell();
        await().until(() -> looks.get() == 1);
        loop.tell();
        await().until(() -> looks.get() == 2);
    }

    @Test
    void doesNoMorePiecesAtOnceThanItMay() {
        loop.start(
                () -> {
                    looks.incrementAndGet();
                    for (int i = 0; i < 3; i++) {
                        loop.begin(this::piece);
                    }
                },
                () -> {});

        loop.tell();
        await().until(() -> begun.get() == 2);
        assertThat(loop.room()).isZero();
        end.countDown();

        await().until(() -> begun.get() > 2);
    }

    @Test
    void looksAgainWhenAPieceIsDoneWellOrNot() {
        loop.start(
                () -> {
                    if (looks.incrementAndGet() < 3) {
                        loop.begin(
                                () -> {
                                    throw new IllegalStateException("on purpose");
                                });
                    }
                },
                () -> {});

        loop.tell();

        await().until(() -> looks.get() == 3);
        assertThat(loop.room()).isEqualTo(2);
    }

    @Test
    void waitsForWhatIsUnderWayWhenItStops() {
        AtomicBoolean done = new AtomicBoolean();
        loop.start(
                () ->
                        loop.begin(
                                () -> {
                                    piece();
                                    done.set(true);
                                }),
                () -> {});
        loop.tell();
        await().until(() -> begun.get() > 0);
        end.countDown();

        loop.stop(GRACE);

        assertThat(done).isTrue();
        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    void tidiesUpAfterItsFirstLook() {
        AtomicBoolean tidied = new AtomicBoolean();

        loop.start(looks::incrementAndGet, () -> tidied.set(true));
        loop.tell();

        await().untilTrue(tidied);
        assertThat(looks).hasPositiveValue();
    }

    private void piece() {
        begun.incrementAndGet();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
