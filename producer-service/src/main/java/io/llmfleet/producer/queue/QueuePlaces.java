package io.llmfleet.producer.queue;

import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.queue.Lines.Ahead;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says where a task is in line: how many wait for the same workers and go first, by their priority,
 * their tenant's fair share and their age, and when it may start then. Nothing is kept but what is
 * read from the store and heard from workers, so every replica says the same.
 */
public final class QueuePlaces {

    private final Lines lines;
    private final Workers workers;
    private final Clock clock;

    QueuePlaces(Lines lines, Workers workers, Clock clock) {
        this.lines = lines;
        this.workers = workers;
        this.clock = clock;
    }

    /** A moment old at most. */
    public QueuePlace of(Waiter task) {
        Ahead ahead = lines.ahead(task.line(), task.tenant(), task.id());
        long position = ahead.count() + 1;
        return new QueuePlace(position, ahead.atLeast(), expectedStart(task, position));
    }

    private @Nullable Instant expectedStart(Waiter task, long position) {
        Optional<Capacity> capacity = Capacity.of(task, workers.live());
        return capacity.map(c -> clock.instant().plus(QueueForecast.meanWait(position, c)))
                .map(at -> at.truncatedTo(ChronoUnit.MILLIS))
                .orElse(null);
    }
}
