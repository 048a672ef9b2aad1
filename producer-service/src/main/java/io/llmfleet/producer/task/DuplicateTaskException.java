package io.llmfleet.producer.task;

/** A task with this key was accepted before; nothing was accepted now. */
public class DuplicateTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DuplicateTaskException(Throwable cause) {
        super("a task with this key was accepted before", cause);
    }
}
