package io.llmfleet.worker.recovery;

import io.llmfleet.wire.RetryLadder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How failures are met.
 *
 * @param levels of the retry ladder, by comma, as the topology has it
 * @param invalidOutputAttempts how many attempts may end with an answer that breaks its schema
 */
@ConfigurationProperties("fleet.retry")
public record RecoveryProperties(
        @DefaultValue("5s,30s,2m,10m,1h") String levels,
        @DefaultValue("3") int invalidOutputAttempts) {

    public RecoveryProperties {
        if (invalidOutputAttempts < 1) {
            throw new IllegalArgumentException(
                    "fleet.retry.invalid-output-attempts is "
                            + invalidOutputAttempts
                            + ", accepted: 1 or more");
        }
    }

    public RetryLadder ladder() {
        return RetryLadder.parse(levels);
    }
}
