package io.llmfleet.producer.api;

import io.llmfleet.model.Defaults;

/** A request's body has more bytes than are accepted. */
public class BodyTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BodyTooLargeException() {
        super(
                "has more than the accepted " + Defaults.MAX_REQUEST_BYTES + " bytes",
                null,
                false,
                false);
    }
}
