package io.llmfleet.producer.webhook;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How webhooks are delivered.
 *
 * @param retries the waits between tries, the first after the first failure; then it is given up
 * @param timeout of one try
 * @param perEndpoint how many may be in flight to one scheme, host and port, over all replicas
 * @param allowedHosts {@code host} or {@code host:port} that may be in a private network
 * @param keepDays how long finished deliveries are kept
 */
@ConfigurationProperties("fleet.webhook")
public record WebhookProperties(
        @DefaultValue({"5s", "30s", "2m", "10m", "1h", "3h", "6h", "12h", "24h"})
                List<Duration> retries,
        @DefaultValue("15s") Duration timeout,
        @DefaultValue("8") int perEndpoint,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("30") int keepDays) {

    public WebhookProperties {
        retries.forEach(
                wait -> {
                    if (wait.isNegative() || wait.compareTo(Duration.ofDays(7)) > 0) {
                        throw new IllegalArgumentException(
                                "fleet.webhook.retries has " + wait + ", accepted: 0 to 7d");
                    }
                });
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0
                || timeout.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.webhook.timeout is " + timeout + ", accepted: 1s to 2m");
        }
        if (perEndpoint < 1 || perEndpoint > 1_000) {
            throw new IllegalArgumentException(
                    "fleet.webhook.per-endpoint is " + perEndpoint + ", accepted: 1 to 1000");
        }
        if (keepDays < 1) {
            throw new IllegalArgumentException(
                    "fleet.webhook.keep-days is " + keepDays + ", accepted: 1 or more");
        }
        allowedHosts = allowedHosts.stream().filter(h -> !h.isBlank()).map(String::strip).toList();
    }
}
