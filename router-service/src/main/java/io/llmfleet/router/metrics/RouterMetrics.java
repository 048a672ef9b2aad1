package io.llmfleet.router.metrics;

import io.llmfleet.metrics.BoundedTag;
import io.llmfleet.metrics.Buckets;
import io.llmfleet.metrics.Measure;
import io.llmfleet.metrics.Tagged;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.Envelope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All meters of the router service; tags never hold an id. */
public final class RouterMetrics {

    /** Of each message one, when it is done with: received = the sum of all + abandoned + held. */
    public static final Measure DECISIONS =
            Measure.counter(
                    "fleet.router.decisions",
                    "What was done with messages",
                    "decision",
                    "type",
                    "pool",
                    "priority");

    public static final Measure REFUSED =
            Measure.counter("fleet.router.refused", "Refusals by failure code", "code");

    public static final Measure ROUTING =
            Measure.histogram(
                    "fleet.router.routing",
                    Buckets.STEP,
                    "From a message's arrival until what became of it was confirmed");

    public static final Measure WORKERS =
            Measure.gauge("fleet.router.workers", "Live workers that this router knows", "pool");

    public static final Measure SLOTS =
            Measure.gauge("fleet.router.slots", "Slots of the live workers", "pool");

    public static final Measure CHOICES =
            Measure.counter(
                    "fleet.router.choices",
                    "What rules chose, by their strategy and the reason",
                    "strategy",
                    "reason",
                    "pool");

    public static final Measure RELOADS =
            Measure.counter(
                    "fleet.router.rules.reloads", "Changed files of rules, by outcome", "outcome");

    public static final Measure RULES =
            Measure.gauge("fleet.router.rules", "Rules that hold at present");

    public static final List<Measure> ALL =
            List.of(DECISIONS, REFUSED, ROUTING, WORKERS, SLOTS, CHOICES, RELOADS, RULES);

    private static final int TYPES = 100;
    private static final String NONE = "none";
    private static final String TAKEN = "taken";
    private static final String KEPT_OLD = "refused";

    /** What can be done with a message. */
    public enum Decided {
        POOL,
        QUARANTINE,
        /** Its pool has no live worker. */
        WAIT,
        /** Its work queue is full or gone. */
        NOT_TAKEN,
        REFUSE,
        /** A newer router will understand it. */
        NEWER,
        UNREADABLE;

        private final String tag = name().toLowerCase(Locale.ROOT);
    }

    private final MeterRegistry registry;
    private final Tagged<Counter> decisions;
    private final Tagged<Counter> refused;
    private final Tagged<Counter> choices;
    private final Tagged<Counter> reloads;
    private final Timer routing;
    private final BoundedTag types = new BoundedTag(TYPES);

    public RouterMetrics(MeterRegistry registry) {
        this.registry = registry;
        decisions = DECISIONS.counters(registry);
        refused = REFUSED.counters(registry);
        choices = CHOICES.counters(registry);
        reloads = RELOADS.counters(registry);
        routing = ROUTING.timer(registry);
        // What is there from the start shows its first increment.
        decisions.of(Decided.UNREADABLE.tag, BoundedTag.OTHER, NONE, NONE);
        decisions.of(Decided.NEWER.tag, BoundedTag.OTHER, NONE, NONE);
        List.of(TAKEN, KEPT_OLD).forEach(reloads::of);
        choices.of("fixed", "strategy", NONE);
        Arrays.stream(FailureCode.values()).forEach(code -> refused.of(code.name()));
    }

    /**
     * @param task null if the message could not be read
     * @param pool null if it goes to none
     * @param took since its arrival
     */
    public void decided(
            Decided decided, @Nullable Envelope task, @Nullable String pool, Duration took) {
        String type = task == null ? BoundedTag.OTHER : types.of(task.type());
        String priority = task == null ? NONE : task.priority().wire();
        decisions.of(decided.tag, type, pool == null ? NONE : pool, priority).increment();
        routing.record(took);
    }

    public void refused(FailureCode code) {
        refused.of(code.name()).increment();
    }

    /**
     * @param reason why it is this candidate
     */
    public void chose(String strategy, String reason, String pool) {
        choices.of(strategy, reason, pool).increment();
    }

    /**
     * @param taken whether the new rules hold; else the old ones stay
     */
    public void reloaded(boolean taken) {
        reloads.of(taken ? TAKEN : KEPT_OLD).increment();
    }

    public void rules(IntSupplier count) {
        RULES.gauge(registry, count, IntSupplier::getAsInt);
    }

    public void pool(String pool, IntSupplier workers, IntSupplier slots) {
        WORKERS.gauge(registry, workers, IntSupplier::getAsInt, pool);
        SLOTS.gauge(registry, slots, IntSupplier::getAsInt, pool);
    }
}
