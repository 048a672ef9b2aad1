package io.llmfleet.broker;

/**
 * The publisher was closed before the broker confirmed: whether the message was sent is unknown.
 */
public class PublisherClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PublisherClosedException() {
        super("the publisher was closed before the broker confirmed");
    }
}
