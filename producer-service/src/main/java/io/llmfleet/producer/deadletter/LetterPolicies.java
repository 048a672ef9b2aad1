package io.llmfleet.producer.deadletter;

import io.llmfleet.model.FailureCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facade of the replays that need no person. A null tenant is an administrator, whose policies
 * are for everybody's letters.
 */
public interface LetterPolicies {

    /** How often a task is replayed at most if nothing is said. */
    int USUAL_REPLAYS = 3;

    /** How fast if nothing is said. */
    double USUAL_RATE = 10;

    /** What is asked for; the fields are those of {@link LetterPolicy}. */
    record Order(
            FailureCode code,
            @Nullable String type,
            @Nullable String target,
            LetterPolicy.When when,
            Duration delay,
            int maxReplays,
            double perSecond) {}

    /** From now on it holds, for letters that are there already, too. */
    LetterPolicy add(@Nullable String tenant, Order order);

    /** Oldest first. */
    List<LetterPolicy> list(@Nullable String tenant);

    Optional<LetterPolicy> find(@Nullable String tenant, UUID id);

    /** What it began goes on. */
    boolean remove(@Nullable String tenant, UUID id);
}
