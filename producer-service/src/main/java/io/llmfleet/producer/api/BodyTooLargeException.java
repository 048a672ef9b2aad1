package io.llmfleet.producer.api;

/** A request's body has more bytes than are accepted. */
public class BodyTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private BodyTooLargeException(String message) {
        super(message, null, false, false);
    }

    static BodyTooLargeException of(long bytes, int accepted) {
        return new BodyTooLargeException(
                "has " + bytes + " bytes; accepted: up to " + accepted + " bytes");
    }

    /** Of a body whose size is not known: it is not read to its end. */
    static BodyTooLargeException moreThan(int accepted) {
        return new BodyTooLargeException("has more than the accepted " + accepted + " bytes");
    }
}
