package io.llmfleet.producer.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a replica stops.
 *
 * @param notice how long requests are still taken, and their connections closed with the answer
 */
@ConfigurationProperties("fleet.stop")
record StopProperties(@DefaultValue("500ms") Duration notice) {

    StopProperties {
        if (notice.isNegative() || notice.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.stop.notice is " + notice + ", accepted: 0 to 10s");
        }
    }
}
