package io.llmfleet.producer.api;

/** The request's key came with another request before. */
public class KeyReusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeyReusedException() {
        super("was used for another request; accepted: a key of its own for each request");
    }
}
