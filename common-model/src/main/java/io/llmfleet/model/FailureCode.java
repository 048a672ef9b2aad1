package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Every reason for which a task or an attempt fails, with whether another attempt may help. */
public enum FailureCode {
    /** The input does not fit the type's schema, or a worker or backend found it unacceptable. */
    INVALID_INPUT(false),
    /** No worker of the fleet has this type, or the chosen backend cannot do it. */
    UNSUPPORTED(false),
    /** The target names neither a pool nor a model that the router knows. */
    UNKNOWN_TARGET(false),
    /** The target's pool has had no live worker for longer than the router waits. */
    NO_WORKER(false),
    /** The backend wants other credentials. */
    BACKEND_UNAUTHORIZED(false),
    /** The backend refused the request as wrong. */
    BACKEND_REFUSED(false),
    /** The backend asks to come later. */
    RATE_LIMITED(true),
    /** The backend could not be reached, or said that it is down. */
    BACKEND_UNAVAILABLE(true),
    /** The backend failed on its own account. */
    BACKEND_ERROR(true),
    /** One attempt took longer than its call limit. */
    CALL_TIMEOUT(true),
    /** The backend's answer is not of the shape that the type's output schema asks for. */
    OUTPUT_INVALID(true),
    /** The result is larger than a message may be. */
    RESULT_TOO_LARGE(false),
    /** The deadline passed before there was a result. */
    DEADLINE_EXCEEDED(false),
    /** Someone asked for the task to be cancelled. */
    CANCELLED(false),
    /** The task stopped several workers; it is kept apart until a person decides. */
    POISON(false),
    /** The message could not be read. */
    UNREADABLE(false),
    /** A bug of the fleet; also what a code of a newer version is read as. */
    @JsonEnumDefaultValue
    INTERNAL(true);

    private final boolean retryable;

    FailureCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether another attempt may have another outcome. */
    public boolean retryable() {
        return retryable;
    }
}
