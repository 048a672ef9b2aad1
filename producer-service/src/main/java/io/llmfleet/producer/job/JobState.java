package io.llmfleet.producer.job;

import java.util.Locale;

/** Where a job stands, in OpenAI's words for a batch. */
public enum JobState {
    VALIDATING,
    IN_PROGRESS,
    FINALIZING,
    CANCELLING,
    COMPLETED,
    FAILED,
    EXPIRED,
    CANCELLED;

    /** The word on the wire and in the store; with {@code _at} the name of its timestamp. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public boolean isFinal() {
        return compareTo(COMPLETED) >= 0;
    }

    /** Whether a job may go from this state straight to {@code next}. */
    public boolean canBecome(JobState next) {
        return switch (this) {
            case VALIDATING -> next == IN_PROGRESS || next == FAILED || next == CANCELLING;
            case IN_PROGRESS -> next == FINALIZING || next == CANCELLING;
            case FINALIZING -> next == COMPLETED || next == EXPIRED;
            case CANCELLING -> next == CANCELLED;
            case COMPLETED, FAILED, EXPIRED, CANCELLED -> false;
        };
    }
}
