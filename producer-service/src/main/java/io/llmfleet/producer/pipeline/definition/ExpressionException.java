package io.llmfleet.producer.pipeline.definition;

/** An expression that cannot be read, or came to nothing with the values it was given. */
public final class ExpressionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExpressionException(String message) {
        super(message, null, false, false);
    }
}
