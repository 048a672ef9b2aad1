package io.llmfleet.producer.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Delta;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TaskLogsTests {

    private static final String PIECE = "x".repeat(10_000);

    private final TaskLogs logs = logs(Duration.ofMinutes(10));

    @Test
    void keepsWhatWasSaidForThoseWhoComeLate() {
        UUID task = new UUID(1, 1);
        logs.heard(new Delta(task, 1, 1, 1, "a", null));
        logs.heard(new Delta(task, 1, 1, 2, "b", null));

        TaskLog log = logs.join(task);

        assertThat(text(log, 0)).isEqualTo("a");
        assertThat(text(log, 1)).isEqualTo("b");
        assertThat(log.read(2)).isNull();
    }

    @Test
    void forgetsTheOldestThatNobodyFollowsWhenTheMemoryIsFull() {
        UUID followed = new UUID(1, 1);
        logs.heard(new Delta(followed, 1, 1, 1, PIECE, null));
        TaskLog kept = logs.join(followed);
        UUID oldest = new UUID(2, 0);
        for (int i = 0; i < 100; i++) {
            logs.heard(new Delta(new UUID(2, i), 1, 1, 1, PIECE, null));
        }

        assertThat(kept.read(0)).isNotNull();
        assertThat(logs.join(oldest).read(0)).isNull();
        assertThat(logs.join(new UUID(2, 99)).read(0)).isNotNull();
    }

    @Test
    void aReaderThatFallsTooFarBehindMeetsTheNextEntryNotTheLostOnes() {
        UUID task = new UUID(1, 1);
        TaskLog log = logs.join(task);
        for (int seq = 1; seq <= 200; seq++) {
            logs.heard(new Delta(task, 1, 1, seq, PIECE, null));
        }

        Entry first = log.read(0);

        assertThat(first).isNotNull();
        assertThat(first.position().deltas()).isGreaterThan(1);
        assertThat(new StreamCursor(Position.START).next(first))
                .anyMatch(StreamItem.Gap.class::isInstance);
        assertThat(log.read(log.next(0)).position().deltas())
                .isEqualTo(first.position().deltas() + 1);
    }

    @Test
    void forgetsWhatIsOldAndNotFollowed() {
        TaskLogs quick = logs(Duration.ZERO);
        UUID task = new UUID(1, 1);
        UUID followed = new UUID(2, 2);
        quick.heard(new Delta(task, 1, 1, 1, "a", null));
        quick.heard(new Delta(followed, 1, 1, 1, "b", null));
        TaskLog kept = quick.join(followed);

        quick.forgetOld();

        assertThat(kept.read(0)).isNotNull();
        assertThat(quick.join(task).read(0)).isNull();
    }

    private static TaskLogs logs(Duration recent) {
        return new TaskLogs(
                new StreamProperties(DataSize.ofMegabytes(1), recent, Duration.ofSeconds(15)));
    }

    private static String text(TaskLog log, int number) {
        return ((Entry.Said) log.read(number)).text();
    }
}
