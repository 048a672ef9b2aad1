package io.llmfleet.broker;

/** No queue took a mandatory message: it is not sent. */
public class UnroutableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnroutableException(String exchange, String routingKey) {
        super("no queue takes key " + routingKey + " of exchange " + exchange);
    }
}
