package io.llmfleet.producer.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the broker once a second at most, however many want to know. */
final class RecentDepths implements QueueDepths {

    private static final Logger log = LoggerFactory.getLogger(RecentDepths.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Supplier<Map<String, Long>> broker;
    private final Clock clock;
    private Instant asked = Instant.MIN;
    private Map<String, Long> depths = Map.of();

    RecentDepths(Supplier<Map<String, Long>> broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
    }

    @Override
    public synchronized Map<String, Long> now() {
        Instant now = clock.instant();
        if (asked.isBefore(now.minus(FRESH))) {
            depths = ask();
            asked = now;
        }
        return depths;
    }

    private Map<String, Long> ask() {
        try {
            return broker.get();
        } catch (RuntimeException e) {
            log.debug("the queues' depths are not known: {}", e.toString());
            return Map.of();
        }
    }
}
