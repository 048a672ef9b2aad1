package io.llmfleet.producer.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.queue.Lines.Ahead;
import io.llmfleet.producer.task.WaitingTasks.InLine;
import io.llmfleet.producer.task.WaitingTasks.Line;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinesTests {

    private static final Line LINE = new Line("any", "default", Priority.NORMAL);
    private static final String MINE = "acme";
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger readings = new AtomicInteger();
    private InLine inLine = new InLine(2, Map.of(MINE, List.of(id(10), id(20), id(30))));
    private long takes;

    private final Lines lines = lines(true);

    @Test
    void countsHigherPrioritiesAndOlderTasks() {
        assertThat(lines.ahead(LINE, MINE, id(10))).isEqualTo(new Ahead(2, false));
        assertThat(lines.ahead(LINE, MINE, id(30))).isEqualTo(new Ahead(4, false));
    }

    @Test
    void placesATaskThatCameAfterTheReading() {
        assertThat(lines.ahead(LINE, MINE, id(25))).isEqualTo(new Ahead(4, false));
        assertThat(lines.ahead(LINE, MINE, id(5))).isEqualTo(new Ahead(2, false));
    }

    @Test
    void saysThatThereMayBeMoreThanWereCounted() {
        assertThat(lines.ahead(LINE, MINE, id(40))).isEqualTo(new Ahead(5, true));
    }

    @Test
    void readsALineOnceASecondForAllWhoAsk() {
        for (int i = 0; i < 100; i++) {
            lines.ahead(LINE, MINE, id(i));
        }
        assertThat(readings).hasValue(1);

        now.addAndGet(SECOND);
        lines.ahead(LINE, MINE, id(1));
        lines.ahead(new Line("any", null, Priority.NORMAL), MINE, id(1));
        assertThat(readings).hasValue(3);
    }

    @Test
    void readsRarelyWhatTakesLong() {
        takes = SECOND;
        lines.ahead(LINE, MINE, id(1));
        now.addAndGet(8 * SECOND);
        lines.ahead(LINE, MINE, id(1));
        assertThat(readings).hasValue(1);

        now.addAndGet(SECOND);
        lines.ahead(LINE, MINE, id(1));
        assertThat(readings).hasValue(2);
    }

    @Test
    void tenantsTakeTurns() {
        inLine =
                new InLine(
                        0,
                        Map.of(
                                "flood",
                                IntStream.range(0, 10).mapToObj(LinesTests::id).toList(),
                                "few",
                                List.of(id(31)),
                                MINE,
                                List.of(id(20), id(30))));

        assertThat(lines.ahead(LINE, MINE, id(20))).isEqualTo(new Ahead(1, false));
        assertThat(lines.ahead(LINE, MINE, id(30))).isEqualTo(new Ahead(4, false));
        assertThat(lines.ahead(LINE, "few", id(31))).isEqualTo(new Ahead(2, false));
    }

    @Test
    void tenantsDoNotTakeTurnsWhereWindowsAreWide() {
        inLine = new InLine(0, Map.of("flood", List.of(id(1), id(2)), MINE, List.of(id(20))));

        assertThat(lines(false).ahead(LINE, MINE, id(20))).isEqualTo(new Ahead(2, false));
    }

    private Lines lines(boolean fair) {
        return new Lines(
                (line, limit) -> {
                    readings.incrementAndGet();
                    now.addAndGet(takes);
                    return inLine;
                },
                fair,
                5,
                now::get);
    }

    private static UUID id(int n) {
        return new UUID(0x0197_0000_0000_7000L + ((long) n << 16), 0x8000_0000_0000_0000L);
    }
}
