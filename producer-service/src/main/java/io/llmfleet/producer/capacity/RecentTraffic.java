package io.llmfleet.producer.capacity;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Traffic as it was a moment ago: read at most once a second for a window, and never for more than
 * a tenth of the time, however many ask.
 */
final class RecentTraffic implements TrafficSource {

    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final int PAUSE = 9;

    private final TrafficSource source;
    private final LongSupplier nanoTime;
    private final Map<Duration, Look> looks = new ConcurrentHashMap<>();

    RecentTraffic(TrafficSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    @Override
    public List<Traffic> read(Duration window) {
        return looks.computeIfAbsent(window, Look::new).read();
    }

    /**
     * Those who ask at once wait for one reading. There are no more windows than seconds of an
     * hour.
     */
    private final class Look {

        private final Duration window;
        private @Nullable List<Traffic> last;
        private long freshUntil;

        Look(Duration window) {
            this.window = window;
        }

        synchronized List<Traffic> read() {
            long start = nanoTime.getAsLong();
            List<Traffic> known = last;
            if (known != null && start - freshUntil < 0) {
                return known;
            }
            List<Traffic> read = source.read(window);
            long end = nanoTime.getAsLong();
            freshUntil = end + Math.max(FRESH_NANOS, PAUSE * (end - start));
            last = read;
            return read;
        }
    }
}
