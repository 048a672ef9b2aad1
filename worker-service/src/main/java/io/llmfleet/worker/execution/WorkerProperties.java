package io.llmfleet.worker.execution;

import io.llmfleet.model.Names;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One worker.
 *
 * @param pool whose queues it works on
 * @param slots calls at once
 * @param name unique in the fleet; host and process id where it is left out
 * @param grace how long running calls may go on after a stop was asked for
 * @param requireHeartbeat whether nothing starts until the control stream was read up to now
 * @param ackBeforePublish breaks the rule against loss on purpose; only for testing a loss checker
 */
@ConfigurationProperties("fleet.worker")
public record WorkerProperties(
        @DefaultValue("default") String pool,
        @DefaultValue("4") int slots,
        @DefaultValue("") String name,
        @DefaultValue("30s") Duration grace,
        @DefaultValue("true") boolean requireHeartbeat,
        @DefaultValue("false") boolean ackBeforePublish) {

    public WorkerProperties {
        Names.requireWord("fleet.worker.pool", pool);
        if (slots < 1 || slots > 1_000) {
            throw new IllegalArgumentException(
                    "fleet.worker.slots is " + slots + ", accepted: 1 to 1000");
        }
    }
}
