package io.llmfleet.producer.task;

import java.time.Duration;

/** More waits than the fleet is set to hold; nothing was accepted. */
public class OverloadedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    public OverloadedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When it is worth to try again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
