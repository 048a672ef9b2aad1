package io.llmfleet.producer.pipeline.run;

/** How far a step is. */
public enum StepState {
    /** What it needs is not over. */
    PENDING,
    RUNNING,
    /** For an input from outside. */
    WAITING,
    SUCCEEDED,
    /** Its condition did not hold. */
    SKIPPED,
    FAILED,
    /** It failed, and its fallback step does it in its place. */
    REPLACED,
    /** The run ended before it did. */
    CANCELLED;

    /** Steps that need it may start. */
    boolean isDone() {
        return this == SUCCEEDED || this == SKIPPED;
    }

    public boolean isActive() {
        return this == RUNNING || this == WAITING;
    }
}
