package io.llmfleet.producer.event;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How streams of tasks are kept for those who follow them.
 *
 * @param memory how much of it deltas may take in one replica
 * @param recent how long deltas are kept for those who come late
 * @param keepAlive how often a silent stream says that it lives
 */
@ConfigurationProperties("fleet.stream")
public record StreamProperties(
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("10m") Duration recent,
        @DefaultValue("15s") Duration keepAlive) {

    public StreamProperties {
        if (memory.toBytes() < 1_000_000) {
            throw new IllegalArgumentException(
                    "fleet.stream.memory is " + memory + ", accepted: 1MB or more");
        }
        if (recent.isNegative() || recent.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.stream.recent is " + recent + ", accepted: 0 to 1h");
        }
        if (keepAlive.compareTo(Duration.ofSeconds(1)) < 0
                || keepAlive.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.stream.keep-alive is " + keepAlive + ", accepted: 1s to 1m");
        }
    }
}
