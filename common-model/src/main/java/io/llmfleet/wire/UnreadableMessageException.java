package io.llmfleet.wire;

import org.jspecify.annotations.Nullable;

/** A message that cannot be read as what its queue carries; it is kept as a dead letter. */
public class UnreadableMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
