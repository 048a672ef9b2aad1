package io.llmfleet.producer.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How tasks get from the store to the broker.
 *
 * @param window the most tasks of one tenant, priority, target and type that may be in the broker
 *     at once; the rest waits in the store
 * @param ahead for how long the workers should have work in the broker: what one tenant's backlog
 *     may delay another one's task; zero does not narrow the windows
 * @param maxOpen unfinished tasks of all tenants beyond which no more are accepted
 * @param tick how often waiting tasks are looked for; while some wait, four times as often
 * @param unconfirmedAfter when a claimed task that the broker never confirmed is sent again
 * @param unansweredAfter how long workers have to say that they run an interrupted task
 * @param askAgainAfter how often a worker that runs an interrupted task is asked again
 * @param memory how much of tasks on their way to the broker is held in memory
 */
@ConfigurationProperties("fleet.dispatch")
public record DispatchProperties(
        @DefaultValue("10000") int window,
        @DefaultValue("400ms") Duration ahead,
        @DefaultValue("1000000") long maxOpen,
        @DefaultValue("200ms") Duration tick,
        @DefaultValue("30s") Duration unconfirmedAfter,
        @DefaultValue("5s") Duration unansweredAfter,
        @DefaultValue("10s") Duration askAgainAfter,
        @DefaultValue("64MB") DataSize memory) {

    public DispatchProperties {
        if (window < 1) {
            throw new IllegalArgumentException(
                    "fleet.dispatch.window is " + window + ", accepted: 1 or more");
        }
        if (ahead.isNegative()) {
            throw new IllegalArgumentException(
                    "fleet.dispatch.ahead is " + ahead + ", accepted: 0 or more");
        }
        if (maxOpen < 1) {
            throw new IllegalArgumentException(
                    "fleet.dispatch.max-open is " + maxOpen + ", accepted: 1 or more");
        }
        if (memory.toBytes() < DataSize.ofMegabytes(8).toBytes()) {
            throw new IllegalArgumentException(
                    "fleet.dispatch.memory is " + memory + ", accepted: 8MB or more");
        }
    }

    /** Whether tenants get equal shares, or are served in the order of acceptance. */
    public boolean isFair() {
        return !ahead.isZero();
    }
}
