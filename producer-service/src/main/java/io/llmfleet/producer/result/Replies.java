package io.llmfleet.producer.result;

import io.llmfleet.broker.Delivery;
import io.llmfleet.producer.delegation.Delegator;
import io.llmfleet.producer.metrics.TaskMeters;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.OpenTasks.Interruption;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.tracing.Spans;
import io.llmfleet.tracing.TaskSpan;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.UnreadableMessageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Stores a batch of replies in one transaction; the batch is acknowledged after the commit.
 *
 * <p>What cannot be read goes to the dead letters; what has no effect (a duplicate, a late result)
 * is only counted.
 */
final class Replies {

    private static final Logger log = LoggerFactory.getLogger(Replies.class);

    private final TaskOutcomes outcomes;
    private final OpenTasks openTasks;
    private final Delegator delegator;
    private final Finals finals;
    private final TaskMeters meters;
    private final Spans spans;

    Replies(
            TaskOutcomes outcomes,
            OpenTasks openTasks,
            Delegator delegator,
            Finals finals,
            TaskMeters meters,
            Spans spans) {
        this.outcomes = outcomes;
        this.openTasks = openTasks;
        this.delegator = delegator;
        this.finals = finals;
        this.meters = meters;
        this.spans = spans;
    }

    void handle(List<Delivery> batch) {
        Map<Delivery, FinalOutcome> ended = new LinkedHashMap<>();
        List<Interruption> interrupted = new ArrayList<>();
        Map<Delivery, Reply.Delegates> delegating = new LinkedHashMap<>();
        Map<UUID, String> types = new HashMap<>();
        List<TaskSpan> storing = new ArrayList<>(batch.size());
        for (Delivery delivery : batch) {
            try {
                Reply reply = Reply.read(delivery.headers(), delivery.body());
                types.put(reply.envelope().taskId(), reply.envelope().type());
                storing.add(spans.process(Queues.REPLIES, reply.envelope()));
                switch (reply) {
                    case Reply.Ended e -> ended.put(delivery, e.outcome());
                    case Reply.Delegates d -> delegating.put(delivery, d);
                    case Reply.Interrupted i -> interrupted.add(i.interruption());
                }
            } catch (UnreadableMessageException e) {
                bury(delivery, String.valueOf(e.getMessage()));
            }
        }
        int waiting = 0;
        int late = 0;
        for (Map.Entry<Delivery, Reply.Delegates> d : delegating.entrySet()) {
            switch (delegate(d.getValue())) {
                case Delegator.Outcome.Waits _ -> waiting++;
                case Delegator.Outcome.NoEffect _ -> late++;
                case Delegator.Outcome.Refused refused ->
                        ended.put(d.getKey(), d.getValue().failed(refused.why()));
            }
        }
        List<FinalOutcome> stored = store(ended);
        openTasks.interrupted(interrupted);
        meters.replies(
                stored.size() + waiting,
                ended.size() - stored.size() + late,
                interrupted.size(),
                batch.size() - ended.size() - interrupted.size() - waiting - late);
        storing.forEach(TaskSpan::end);
        finals.announce(stored, f -> types.getOrDefault(f.id(), "any"));
    }

    /** Each in a transaction of its own; what was taken up before has no effect again. */
    private Delegator.Outcome delegate(Reply.Delegates reply) {
        try {
            return delegator.delegate(reply.asked());
        } catch (DataIntegrityViolationException e) {
            return new Delegator.Outcome.Refused("the store cannot take what is delegated");
        }
    }

    /** One reply that the store can never take must not hold up the others; it is removed. */
    private List<FinalOutcome> store(Map<Delivery, FinalOutcome> ended) {
        try {
            return outcomes.store(List.copyOf(ended.values()));
        } catch (DataIntegrityViolationException e) {
            List<FinalOutcome> stored = new ArrayList<>();
            ended.entrySet().removeIf(reply -> !storeAlone(reply, stored));
            return stored;
        }
    }

    private boolean storeAlone(Map.Entry<Delivery, FinalOutcome> reply, List<FinalOutcome> stored) {
        try {
            stored.addAll(outcomes.store(List.of(reply.getValue())));
            return true;
        } catch (DataIntegrityViolationException e) {
            // What the database says may quote the row.
            bury(reply.getKey(), "the store cannot take it");
            return false;
        }
    }

    private void bury(Delivery delivery, String why) {
        log.warn("a reply cannot be taken and becomes a dead letter: {}", why);
        delivery.reject();
    }
}
