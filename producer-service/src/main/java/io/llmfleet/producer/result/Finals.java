package io.llmfleet.producer.result;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.producer.dispatch.Ending;
import io.llmfleet.producer.dispatch.Throughput;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.wire.Event;
import java.util.List;
import java.util.function.Function;

/** Stores final states and, after the commit, wakes waiters here and tells the other replicas. */
final class Finals implements Ending {

    /** The type of a final event whose task was ended without a message at hand. */
    private static final String NO_TYPE = "any";

    private final TaskOutcomes outcomes;
    private final EventPublisher events;
    private final Throughput throughput;

    Finals(TaskOutcomes outcomes, EventPublisher events, Throughput throughput) {
        this.outcomes = outcomes;
        this.events = events;
        this.throughput = throughput;
    }

    @Override
    public List<FinalOutcome> end(List<FinalOutcome> ended) {
        return tell(outcomes.store(ended));
    }

    @Override
    public List<FinalOutcome> expire(int limit) {
        return tell(outcomes.expire(limit));
    }

    private List<FinalOutcome> tell(List<FinalOutcome> stored) {
        announce(stored, ignored -> NO_TYPE);
        return stored;
    }

    /**
     * Wakes waiters and publishes final events; safe to repeat for finals that were stored before.
     */
    void announce(List<FinalOutcome> finals, Function<FinalOutcome, String> type) {
        if (finals.isEmpty()) {
            return;
        }
        outcomes.tell(finals);
        throughput.finished(finals.size());
        for (FinalOutcome f : finals) {
            events.publish(
                    new Event(
                                    Event.FINAL,
                                    f.id(),
                                    type.apply(f),
                                    f.epoch(),
                                    f.attempts(),
                                    f.finishedAt(),
                                    f.pool(),
                                    f.model(),
                                    null,
                                    f.state().name(),
                                    f.failure() == null ? null : f.failure().code().name(),
                                    null)
                            .used(f.lastUsage()));
        }
    }
}
