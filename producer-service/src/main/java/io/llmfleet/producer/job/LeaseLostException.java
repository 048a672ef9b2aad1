package io.llmfleet.producer.job;

/** Another producer works on the job by now, or its state has changed: this one has to stop. */
final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeaseLostException() {
        super("the job is no longer held in this state", null, false, false);
    }
}
