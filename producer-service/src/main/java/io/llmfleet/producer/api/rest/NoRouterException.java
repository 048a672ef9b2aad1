package io.llmfleet.producer.api.rest;

/** No router answered a question in time. */
final class NoRouterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoRouterException() {
        super("no router answered in time");
    }
}
