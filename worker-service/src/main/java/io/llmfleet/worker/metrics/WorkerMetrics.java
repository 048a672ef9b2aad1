package io.llmfleet.worker.metrics;

/** All meter names of the worker service; tags never hold an id. */
public final class WorkerMetrics {

    /**
     * Backend calls; timer, tags {@code backend}, {@code type}, {@code outcome} (a failure code or
     * {@code ok}).
     */
    public static final String CALLS = "fleet.worker.calls";

    /**
     * Tokens, as backends counted them; counter, tags {@code backend}, {@code direction} (in, out).
     */
    public static final String TOKENS = "fleet.worker.tokens";

    /**
     * What became of messages; counter, tag {@code action}: reply, retry, interrupted, dropped,
     * returned, unreadable, newer (of a newer major version, waits for a newer worker).
     */
    public static final String SETTLED = "fleet.worker.settled";

    /** Tasks that are worked on now; gauge. */
    public static final String RUNNING = "fleet.worker.running";

    private WorkerMetrics() {}
}
