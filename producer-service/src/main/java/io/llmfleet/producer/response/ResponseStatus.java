package io.llmfleet.producer.response;

import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Json;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a response is, decided by its task's state and by why the chat ended. */
public enum ResponseStatus {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    INCOMPLETE,
    FAILED,
    CANCELLED;

    /**
     * @param result the JSON bytes of a {@link io.llmfleet.model.Result.Succeeded}, if there is one
     */
    public static ResponseStatus of(TaskState state, byte @Nullable [] result) {
        return switch (state) {
            case ACCEPTED, QUEUED, ROUTED -> QUEUED;
            case RUNNING, RETRYING -> IN_PROGRESS;
            case SUCCEEDED -> incompleteReason(result).isPresent() ? INCOMPLETE : COMPLETED;
            case FAILED, EXPIRED -> FAILED;
            case CANCELLED -> CANCELLED;
        };
    }

    /** Why a chat that ended has not said all; empty if it has. */
    public static Optional<String> incompleteReason(byte @Nullable [] result) {
        if (result == null) {
            return Optional.empty();
        }
        String why = Json.tree(result).at("/output/choices/0/finish_reason").asString("");
        return switch (why) {
            case "length" -> Optional.of("max_output_tokens");
            case "content_filter" -> Optional.of("content_filter");
            default -> Optional.empty();
        };
    }

    /** As the API says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
