package io.llmfleet.producer.metrics;

/** All meter names of the producer service; tags never hold an id. */
public final class ProducerMetrics {

    /** Tasks that were stored and answered with 202; counter. */
    public static final String TASKS_ACCEPTED = "fleet.tasks.accepted";

    /** Final states that took effect; counter, tag {@code outcome}. */
    public static final String TASKS_FINAL = "fleet.tasks.final";

    /** From acceptance to final state, the user's wait; timer. */
    public static final String CRITICAL_TIME = "fleet.tasks.critical.time";

    /** Replies that came twice, or too late to matter; counter. */
    public static final String REPLIES_WITHOUT_EFFECT = "fleet.replies.without.effect";

    /** Redelivered messages that a worker did not run; counter. */
    public static final String REPLIES_INTERRUPTED = "fleet.replies.interrupted";

    /** Replies that could not be read; counter. */
    public static final String REPLIES_UNREADABLE = "fleet.replies.unreadable";

    /** Unfinished tasks as this replica last counted them; gauge. */
    public static final String TASKS_OPEN = "fleet.tasks.open";

    /** Dead letters that were stored; counter, tag {@code code}. */
    public static final String DEAD_LETTERS = "fleet.dead.letters";

    /** Tries to deliver a webhook; counter, tag {@code outcome}. */
    public static final String WEBHOOKS = "fleet.webhooks";

    /** Requests and tasks that a limit of their key refused; counter, tag {@code limit}. */
    public static final String LIMITS_REFUSED = "fleet.limits.refused";

    private ProducerMetrics() {}
}
