package io.llmfleet.router.metrics;

/** All meter names of the router service; tags never hold an id. */
public final class RouterMetrics {

    /**
     * Decisions; counter, tag {@code decision}: pool, quarantine, wait, refuse, newer (of a newer
     * major version, waits for a newer router).
     */
    public static final String DECISIONS = "fleet.router.decisions";

    /** Messages that no work queue took and that went to the retry ladder; counter. */
    public static final String NOT_TAKEN = "fleet.router.not.taken";

    /** Messages that could not be read and became dead letters; counter. */
    public static final String UNREADABLE = "fleet.router.unreadable";

    private RouterMetrics() {}
}
