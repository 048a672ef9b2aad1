package io.llmfleet.producer.deadletter;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facade of replays and discards of many letters; any replica goes on with them. A null tenant
 * is an administrator, who sees all of them.
 */
public interface LetterJobs {

    /** How fast it goes if nothing is said. */
    double USUAL_RATE = 50;

    double LEAST_RATE = Pace.LEAST;
    double MOST_RATE = Pace.MOST;

    /**
     * What is asked for.
     *
     * @param reason of a discard
     */
    record Order(
            LetterJob.Kind kind, LetterFilter filter, double perSecond, @Nullable String reason) {}

    /**
     * Takes the open letters that there are now, except for those that another running one has
     * taken, and begins.
     */
    LetterJob start(@Nullable String tenant, Order order);

    /** Newest first. */
    List<LetterJob> list(@Nullable String tenant, @Nullable UUID after, int limit);

    Optional<LetterJob> find(@Nullable String tenant, UUID id);

    /** Leaves the letters alone that were not decided about; one that is over stays as it is. */
    Optional<LetterJob> cancel(@Nullable String tenant, UUID id);
}
