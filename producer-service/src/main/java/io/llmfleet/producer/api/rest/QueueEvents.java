package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.queue.QueuePlace;
import io.llmfleet.producer.queue.QueuePlaces;
import io.llmfleet.producer.queue.Waiter;
import io.llmfleet.producer.task.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Tells a reader that asked for it where its task is in line, whenever that changes. */
final class QueueEvents {

    private static final Logger log = LoggerFactory.getLogger(QueueEvents.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final QueuePlaces places;
    private final TaskView task;
    private @Nullable Waiter waiter;
    private @Nullable QueuePlace told;
    private Instant nextLook = Instant.now();

    /**
     * @param task as it is now
     */
    QueueEvents(QueuePlaces places, TaskView task) {
        this.places = places;
        this.task = task;
        this.waiter = Waiter.of(task).orElse(null);
    }

    /** What else the reader is told says whether the task waits, and for which pool. */
    void heard(StreamItem item) {
        if (item instanceof StreamItem.Moved moved) {
            waiter =
                    Waiter.isInLine(moved.state())
                            ? new Waiter(
                                    task.id(),
                                    task.tenant(),
                                    task.type(),
                                    task.target(),
                                    task.priority(),
                                    moved.pool())
                            : null;
        }
    }

    /** Until the next look is due; at most {@code most}. */
    Duration pause(Duration most) {
        if (waiter == null) {
            return most;
        }
        Duration left = Duration.between(Instant.now(), nextLook);
        return left.isNegative() ? Duration.ZERO : left.compareTo(most) < 0 ? left : most;
    }

    /** The task's place, if a look is due and there are news. */
    Optional<QueueJson> next() {
        Waiter inLine = waiter;
        if (inLine == null || Instant.now().isBefore(nextLook)) {
            return Optional.empty();
        }
        nextLook = Instant.now().plus(LOOK);
        try {
            QueuePlace now = places.of(inLine);
            if (told == null || now.isNewsAfter(told)) {
                told = now;
                return Optional.of(QueueJson.of(now));
            }
        } catch (DataAccessException e) {
            log.debug("a place in line was not found, trying again: {}", e.toString());
        }
        return Optional.empty();
    }
}
