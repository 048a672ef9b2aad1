package io.llmfleet.producer.task;

/** The conversation has an unfinished turn or is halted, and the new turn shall not wait. */
public final class ConversationBusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConversationBusyException(String why, Throwable cause) {
        super(why, cause);
    }
}
