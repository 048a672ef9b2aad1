package io.llmfleet.wire;

import io.llmfleet.model.Priority;

/** The names of all queues and streams. */
public final class Queues {

    public static final String SUBMIT = "llm.submit.q";
    public static final String REPLIES = "llm.replies.q";
    public static final String DEAD = "llm.dead.q";
    public static final String EVENTS = "llm.events";
    public static final String DELTAS = "llm.deltas";
    public static final String CONTROL = "llm.control";
    public static final String INGRESS_PREFIX = "llm.ingress.";
    public static final String WORK_PREFIX = "llm.work.";
    public static final String QUARANTINE_PREFIX = "llm.quarantine.";
    public static final String RETRY_PREFIX = "llm.retry.";

    private Queues() {}

    public static String ingress(Priority priority) {
        return INGRESS_PREFIX + priority.wire();
    }

    public static String work(String pool, Priority priority) {
        return WORK_PREFIX + pool + "." + priority.wire();
    }

    public static String quarantine(String pool) {
        return QUARANTINE_PREFIX + pool;
    }

    public static String retry(String level) {
        return RETRY_PREFIX + level;
    }
}
