package io.llmfleet.tracing;

/**
 * An exception as it may be logged where its message could quote a prompt or an answer: its class,
 * where it was thrown, and the same of its causes.
 */
public final class Wordless extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int DEEPEST = 10;

    private Wordless(Throwable thrown, int depth) {
        super(
                thrown.getClass().getName(),
                thrown.getCause() == null || depth == DEEPEST
                        ? null
                        : new Wordless(thrown.getCause(), depth + 1));
        setStackTrace(thrown.getStackTrace());
    }

    public static Wordless of(Throwable thrown) {
        return new Wordless(thrown, 1);
    }
}
