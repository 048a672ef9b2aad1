package io.llmfleet.producer.capacity;

/** A question that leaves out what nothing is known of. */
public final class UnknownCapacityException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String parameter;

    UnknownCapacityException(String parameter, String why) {
        super(why);
        this.parameter = parameter;
    }

    /** What has to be said. */
    public String parameter() {
        return parameter;
    }
}
