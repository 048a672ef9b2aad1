package io.llmfleet.broker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service talks to the broker.
 *
 * @param publishWindow how many published messages may be unconfirmed at once
 * @param eventGather how long an event waits for others to share a message with
 * @param ca path of a PEM file with the authorities that may sign the broker's certificate; blank
 *     for the JDK's
 */
@ConfigurationProperties("fleet.broker")
public record BrokerProperties(
        @DefaultValue("1000") int publishWindow,
        @DefaultValue("15ms") Duration eventGather,
        @DefaultValue("") String ca) {

    public BrokerProperties {
        if (publishWindow < 1 || publishWindow > 100_000) {
            throw new IllegalArgumentException(
                    "fleet.broker.publish-window is " + publishWindow + ", accepted: 1 to 100000");
        }
        if (eventGather.isNegative() || eventGather.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.broker.event-gather is " + eventGather + ", accepted: 0 to 5s");
        }
    }
}
