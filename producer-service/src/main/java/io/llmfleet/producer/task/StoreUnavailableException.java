package io.llmfleet.producer.task;

import org.jspecify.annotations.Nullable;

/** The store or the broker is away; nothing was accepted, and the caller may try again. */
public class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
