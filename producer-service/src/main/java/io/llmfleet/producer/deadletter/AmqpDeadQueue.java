package io.llmfleet.producer.deadletter;

import io.llmfleet.broker.Delivery;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.dispatch.Ending;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Queues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the broker dead-lettered: a message that names a task ends that task, any other is
 * kept as it is. What clients wrote names nothing: anybody's task, or tenant, might be in it. The
 * batch is acknowledged after the store has it.
 */
final class AmqpDeadQueue {

    private static final Logger log = LoggerFactory.getLogger(AmqpDeadQueue.class);
    private static final String DEATHS = "x-death";
    private static final String FIRST_QUEUE = "x-first-death-queue";
    private static final String FIRST_REASON = "x-first-death-reason";
    private static final String DELIVERY_LIMIT = "delivery_limit";

    private final DeadLetters deadLetters;
    private final Ending ending;

    AmqpDeadQueue(DeadLetters deadLetters, Ending ending) {
        this.deadLetters = deadLetters;
        this.ending = ending;
    }

    void handle(List<Delivery> batch) {
        List<FinalOutcome> ended = new ArrayList<>();
        for (Delivery delivery : batch) {
            String source = String.valueOf(text(delivery, FIRST_QUEUE));
            String reason = String.valueOf(text(delivery, FIRST_REASON));
            log.warn("a message of {} is dead: {}", source, reason);
            Optional<UUID> task = ofAClient(delivery) ? Optional.empty() : task(delivery);
            if (task.isPresent()) {
                ended.add(end(task.get(), delivery, source, reason));
            }
            keep(delivery, source, reason);
        }
        var _ = ending.end(ended);
    }

    private void keep(Delivery delivery, String source, String reason) {
        Map<String, Object> headers = new HashMap<>(delivery.headers());
        headers.put(
                JdbcLetterIntake.MESSAGE_ID, String.valueOf(delivery.properties().getMessageId()));
        headers.put("routing-key", delivery.routingKey());
        deadLetters.keep(
                ofAClient(delivery) ? null : text(delivery, Headers.TENANT),
                source,
                headers,
                delivery.wireBody().readable(),
                "dead-lettered by the broker: " + reason);
    }

    /** By the last death: earlier ones, and the first one's own headers, may be forged. */
    private static boolean ofAClient(Delivery delivery) {
        return delivery.headers().get(DEATHS) instanceof List<?> deaths
                && !deaths.isEmpty()
                && deaths.getFirst() instanceof Map<?, ?> last
                && Queues.SUBMIT.equals(String.valueOf(last.get("queue")));
    }

    private static FinalOutcome end(UUID task, Delivery delivery, String source, String reason) {
        FailureCode code =
                reason.equals(DELIVERY_LIMIT) ? FailureCode.POISON : FailureCode.UNREADABLE;
        return new FinalOutcome(
                task,
                epoch(delivery),
                TaskState.FAILED,
                1,
                null,
                Instant.now(),
                text(delivery, Headers.POOL),
                null,
                null,
                Failure.of(code, "its message became dead in queue " + source + ": " + reason),
                List.of(),
                null);
    }

    private static int epoch(Delivery delivery) {
        String epoch = text(delivery, Headers.EPOCH);
        return epoch != null && epoch.matches("[0-9]{1,9}") ? Integer.parseInt(epoch) : 0;
    }

    private static Optional<UUID> task(Delivery delivery) {
        try {
            return Optional.ofNullable(text(delivery, Headers.TASK_ID)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Nobody vouches for what is here, and the store takes no NUL. */
    private static @Nullable String text(Delivery delivery, String header) {
        Object value = delivery.headers().get(header);
        return value == null ? null : value.toString().replace("\0", "");
    }
}
