package io.llmfleet.producer.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How jobs are worked on.
 *
 * @param lease after which another producer takes over from one that died
 * @param atOnce how many jobs one producer works on at once
 */
@ConfigurationProperties("fleet.job")
public record JobProperties(@DefaultValue("30s") Duration lease, @DefaultValue("4") int atOnce) {

    public JobProperties {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0
                || lease.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.job.lease is " + lease + ", accepted: 1s to 1h");
        }
        if (atOnce < 1 || atOnce > 100) {
            throw new IllegalArgumentException(
                    "fleet.job.at-once is " + atOnce + ", accepted: 1 to 100");
        }
    }
}
