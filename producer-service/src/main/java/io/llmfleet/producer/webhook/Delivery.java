package io.llmfleet.producer.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One webhook and what became of it.
 *
 * @param id also the {@code webhook-id} of every try
 * @param type such as {@code task.succeeded}
 * @param tries how often it was tried
 * @param nextAt when it is tried next; null if it is finished
 * @param history of the last tries, oldest first
 */
public record Delivery(
        UUID id,
        UUID taskId,
        String type,
        String url,
        State state,
        int tries,
        @Nullable Instant nextAt,
        List<Try> history,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** What became of it. */
    public enum State {
        PENDING,
        DELIVERED,
        FAILED
    }

    /**
     * One try.
     *
     * @param status of the answer; null if there was none
     * @param error why there was none
     * @param millis how long it took
     */
    public record Try(Instant at, @Nullable Integer status, @Nullable String error, long millis) {}
}
