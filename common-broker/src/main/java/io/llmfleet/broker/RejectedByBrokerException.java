package io.llmfleet.broker;

/**
 * The broker refused a message, mostly because a queue is full: it is not sent, at least not to
 * every queue.
 */
public class RejectedByBrokerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RejectedByBrokerException(String exchange, String routingKey) {
        super("the broker refused key " + routingKey + " of exchange " + exchange);
    }
}
