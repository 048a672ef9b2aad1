package io.llmfleet.wire;

import io.llmfleet.model.Priority;

/** How routing keys are put together; a target comes last because it may have dots. */
public final class RoutingKeys {

    public static final String SUCCEEDED = "succeeded";
    public static final String FAILED = "failed";
    public static final String INTERRUPTED = "interrupted";
    public static final String DELEGATED = "delegated";
    public static final String CANCELLED = "cancelled";
    public static final String EXPIRED = "expired";

    public static final String CONTROL_CANCEL = "cancel";
    public static final String CONTROL_SUPERSEDE = "supersede";
    public static final String CONTROL_WHO_RUNS = "who-runs";
    public static final String CONTROL_HEARTBEAT = "heartbeat";

    /** The first word of a quarantine message's key on the work exchange. */
    public static final String QUARANTINE = "quarantine";

    private RoutingKeys() {}

    /** {@code <priority>.<type>.<target>} on the ingress exchange, kept on the retry ladder. */
    public static String ingress(Priority priority, String type, String target) {
        return priority.wire() + "." + type + "." + target;
    }

    /** {@code <type>.<pool>.<priority>} on the work exchange. */
    public static String work(String type, String pool, Priority priority) {
        return type + "." + pool + "." + priority.wire();
    }

    /**
     * {@code quarantine.<pool>} on the work exchange: two words, so that no work queue's binding
     * takes it.
     */
    public static String quarantine(String pool) {
        return QUARANTINE + "." + pool;
    }

    /** {@code <type>.<outcome>} on the reply exchange. */
    public static String reply(String type, String outcome) {
        return type + "." + outcome;
    }

    /** {@code <type>.<outcome>.<user>.<reply_to>} on the results exchange. */
    public static String result(String type, String outcome, String user, String replyTo) {
        return type + "." + outcome + "." + user + "." + replyTo;
    }

    /** {@code <kind>.<type>} on the event exchange. */
    public static String event(String kind, String type) {
        return kind + "." + type;
    }
}
