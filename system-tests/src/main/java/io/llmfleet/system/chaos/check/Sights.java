package io.llmfleet.system.chaos.check;

import io.llmfleet.model.TaskState;
import io.llmfleet.system.chaos.check.Observation.FinalEvent;
import io.llmfleet.system.chaos.check.Observation.TaskSeen;
import io.llmfleet.system.chaos.fleet.BrokerView;
import io.llmfleet.system.chaos.fleet.Disturbance;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.Ledger;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers everything that can be seen of a case from outside. */
public final class Sights {

    /** What is left of duplicates is taken soon after the last task is final. */
    private static final Duration QUEUES_EMPTY = Duration.ofSeconds(60);

    private static final Set<String> FINAL_REPLIES =
            Set.of(RoutingKeys.SUCCEEDED, RoutingKeys.FAILED);

    private Sights() {}

    public static Observation of(Observer observer, Ledger ledger, FleetUnderTest fleet, Tap tap) {
        BrokerView broker = new BrokerView(fleet.endpoint());
        var _ = Waits.until(QUEUES_EMPTY, () -> broker.depths().isEmpty());
        List<TaskSeen> tasks = observer.tasks();
        Set<String> ids = tasks.stream().map(TaskSeen::taskId).collect(Collectors.toSet());
        List<FinalEvent> events = new ArrayList<>();
        List<String> replies = new ArrayList<>();
        for (Tap.Copy copy : tap.read()) {
            switch (copy.exchange()) {
                case Exchanges.EVENTS -> events.addAll(finals(copy, ids));
                case Exchanges.REPLIES ->
                        reply(copy).filter(r -> known(r, ids)).ifPresent(replies::add);
                default -> {}
            }
        }
        return new Observation(
                ledger.all(),
                ledger.replays(),
                tasks,
                events,
                replies,
                observer.results(),
                calls(fleet, ids),
                observer.letters().size(),
                broker.depths(),
                new Disturbance(0, 0, 0, 0),
                null);
    }

    private static boolean known(String messageId, Set<String> ids) {
        return ids.contains(messageId.split(":", 2)[0]);
    }

    private static List<FinalEvent> finals(Tap.Copy copy, Set<String> ids) {
        List<FinalEvent> events = new ArrayList<>();
        for (Event event : Json.read(copy.body(), Event[].class)) {
            String id = event.taskId().toString();
            if (ids.contains(id)) {
                events.add(
                        new FinalEvent(
                                id,
                                event.state() == null
                                        ? ""
                                        : TaskState.valueOf(event.state()).name(),
                                event.at().toString()));
            }
        }
        return events;
    }

    /** The message id of a reply that ends its task. */
    private static Optional<String> reply(Tap.Copy copy) {
        Map<String, Object> headers = copy.properties().getHeaders();
        if (headers == null
                || !FINAL_REPLIES.contains(String.valueOf(headers.get(Headers.OUTCOME)))) {
            return Optional.empty();
        }
        return Optional.ofNullable(copy.properties().getMessageId());
    }

    private static List<String> calls(FleetUnderTest fleet, Set<String> ids) {
        return fleet.callLog().stream()
                .map(line -> line.split(" ", 2)[0])
                .filter(ids::contains)
                .toList();
    }
}
