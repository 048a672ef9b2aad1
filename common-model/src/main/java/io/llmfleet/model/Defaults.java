package io.llmfleet.model;

import java.time.Duration;

/** The limits of a task where it names none, and of the fleet. */
public final class Defaults {

    /** A task's whole life. */
    public static final Duration DEADLINE = Duration.ofHours(24);

    /** One attempt. */
    public static final Duration CALL_LIMIT = Duration.ofMinutes(10);

    /** Attempts that count, the first included. */
    public static final int ATTEMPTS = 5;

    /**
     * Redeliveries after which a message goes to its pool's quarantine; one more there is the end.
     */
    public static final int INTERRUPTIONS = 3;

    /** The largest request body, in bytes. */
    public static final int MAX_REQUEST_BYTES = 4 * 1024 * 1024;

    /** The largest result body, in bytes. */
    public static final int MAX_RESULT_BYTES = 8 * 1024 * 1024;

    /** The deepest nesting of JSON that is read. */
    public static final int MAX_JSON_DEPTH = 100;

    private Defaults() {}
}
