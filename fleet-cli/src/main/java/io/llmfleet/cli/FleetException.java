package io.llmfleet.cli;

import org.jspecify.annotations.Nullable;

/** An expected problem, said to the user as one line; it carries the exit code of the command. */
public final class FleetException extends RuntimeException {

    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    public FleetException(String message) {
        this(FAILED, message, null);
    }

    public FleetException(String message, @Nullable Throwable cause) {
        this(FAILED, message, cause);
    }

    public FleetException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
