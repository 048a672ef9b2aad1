package io.llmfleet.wire;

/** Every header that the fleet writes; all but the trace context's start with {@value #PREFIX}. */
public final class Headers {

    public static final String PREFIX = "llm-";

    /** Version of the envelope, {@code <major>.<minor>}; see {@link Envelope#VERSION}. */
    public static final String VERSION = "llm-version";

    public static final String TASK_ID = "llm-task-id";
    public static final String TYPE = "llm-type";
    public static final String TARGET = "llm-target";
    public static final String PRIORITY = "llm-priority";
    public static final String TENANT = "llm-tenant";

    /** Fencing token: raised by re-dispatch, replay and cancel. */
    public static final String EPOCH = "llm-epoch";

    /** Number of the attempt that this message is, counted from 1. */
    public static final String ATTEMPT = "llm-attempt";

    public static final String MAX_ATTEMPTS = "llm-max-attempts";

    /** How often the message came back redelivered. */
    public static final String INTERRUPTIONS = "llm-interruptions";

    /** Milliseconds since 1970 (UTC). */
    public static final String CREATED_AT = "llm-created-at";

    /** Milliseconds since 1970 (UTC). */
    public static final String DEADLINE = "llm-deadline";

    /** Milliseconds that one attempt may take. */
    public static final String CALL_LIMIT = "llm-call-limit";

    public static final String CONVERSATION = "llm-conversation";
    public static final String POOL = "llm-pool";
    public static final String MODEL = "llm-model";

    /** Why the router chose so, in a few words. */
    public static final String ROUTE = "llm-route";

    /** When the router first found no live worker for the task; milliseconds since 1970 (UTC). */
    public static final String WAITING_SINCE = "llm-waiting-since";

    /** Failures of earlier attempts: a JSON array of {@link io.llmfleet.model.AttemptFailure}. */
    public static final String FAILURES = "llm-failures";

    /** How much of its daily budget the tenant has used, in percent; only where it has one. */
    public static final String BUDGET_USED = "llm-budget-used";

    public static final String OUTCOME = "llm-outcome";
    public static final String WORKER = "llm-worker";

    /** When the attempt of a reply started; milliseconds since 1970 (UTC). */
    public static final String STARTED_AT = "llm-started-at";

    /** How many deltas came before a reply. */
    public static final String LAST_SEQ = "llm-last-seq";

    /** Number of a publish on its channel, by which a returned message is recognised. */
    public static final String PUBLISH_ID = "llm-publish-id";

    /**
     * {@code true} on a message that may be the second copy of one that is in the broker already;
     * whoever gets it does not work on it before it is known what became of the first.
     */
    public static final String REPEATED = "llm-repeated";

    /** W3C trace context. */
    public static final String TRACE_PARENT = "traceparent";

    /** W3C trace context. */
    public static final String TRACE_STATE = "tracestate";

    private Headers() {}
}
