package io.llmfleet.broker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service talks to the broker.
 *
 * @param publishWindow how many published messages may be unconfirmed at once
 */
@ConfigurationProperties("fleet.broker")
public record BrokerProperties(@DefaultValue("1000") int publishWindow) {

    public BrokerProperties {
        if (publishWindow < 1 || publishWindow > 100_000) {
            throw new IllegalArgumentException(
                    "fleet.broker.publish-window is " + publishWindow + ", accepted: 1 to 100000");
        }
    }
}
