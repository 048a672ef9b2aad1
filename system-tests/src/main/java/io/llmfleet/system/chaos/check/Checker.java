package io.llmfleet.system.chaos.check;

import io.llmfleet.system.chaos.check.Observation.FinalEvent;
import io.llmfleet.system.chaos.check.Observation.TaskSeen;
import io.llmfleet.system.chaos.load.AmqpClient.ResultMessage;
import io.llmfleet.system.chaos.load.Attempt;
import io.llmfleet.system.chaos.load.Attempt.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides from what was seen from outside whether the fleet kept its promises, in the manner of
 * Jepsen's total-queue checker: whatever was accepted ends once, and nothing else happens.
 */
public final class Checker {

    private final Observation seen;
    private final Promise promise;
    private final Map<String, Attempt> attempts;
    private final Map<String, List<TaskSeen>> tasks;
    private final Map<String, List<ResultMessage>> results;
    private final Map<String, Integer> effects = new HashMap<>();

    private Checker(Observation seen, Promise promise) {
        this.seen = seen;
        this.promise = promise;
        this.attempts = seen.attempts().stream().collect(Collectors.toMap(Attempt::key, a -> a));
        this.tasks =
                seen.tasks().stream()
                        .filter(t -> t.key() != null)
                        .collect(Collectors.groupingBy(t -> String.valueOf(t.key())));
        this.results = by(seen.results(), ResultMessage::key);
        by(seen.events(), FinalEvent::taskId)
                .forEach((id, events) -> effects.put(id, distinct(events, FinalEvent::at)));
    }

    public static Verdict check(Observation seen, Promise promise) {
        return new Checker(seen, promise).verdict();
    }

    private Verdict verdict() {
        int accepted = (int) attempts.values().stream().filter(Attempt::accepted).count();
        int lost = (int) attempts.values().stream().filter(a -> a.accepted() && !ended(a)).count();
        Duration recovery = seen.longestRecovery();
        Counters counters =
                new Counters(
                        attempts.size(),
                        accepted,
                        accepted - lost,
                        lost,
                        unexpected(),
                        duplicateMessages(),
                        duplicateEffects(),
                        seen.parked(),
                        lateDropped(),
                        Inversions.count(seen.attempts(), tasks, seen.replays().keySet()),
                        callsBeyondOne(),
                        seen.disturbance().brokerKills(),
                        seen.disturbance().serviceKills(),
                        seen.disturbance().cuts(),
                        recovery == null ? null : recovery.toMillis());
        return new Verdict(counters, broken(counters));
    }

    private boolean ended(Attempt attempt) {
        return switch (attempt.way()) {
            case REST, BULK ->
                    tasks.getOrDefault(attempt.key(), List.of()).stream()
                            .anyMatch(t -> t.first().isFinal());
            case AMQP -> results.containsKey(attempt.key());
        };
    }

    /** What was refused and ran all the same, what nobody asked for, and answers to others. */
    private int unexpected() {
        Set<String> strangers = new HashSet<>();
        Stream.concat(tasks.keySet().stream(), results.keySet().stream())
                .filter(this::stranger)
                .forEach(strangers::add);
        long unknown =
                attempts.values().stream().filter(a -> a.answered() == Answered.UNKNOWN).count();
        long keyless = seen.tasks().stream().filter(t -> t.key() == null).count();
        long foreign = seen.tasks().stream().filter(t -> !t.ownAnswer()).count();
        return (int) (strangers.size() + Math.max(0, keyless - unknown) + foreign);
    }

    private boolean stranger(String key) {
        Attempt attempt = attempts.get(key);
        return attempt == null || attempt.answered() == Answered.REFUSED;
    }

    /** Same reply or same result, told again. */
    private int duplicateMessages() {
        int replies = seen.replies().size() - distinct(seen.replies(), r -> r);
        int messages = seen.results().size() - distinct(seen.results(), ResultMessage::messageId);
        return replies + messages;
    }

    private int duplicateEffects() {
        int twice = 0;
        for (Map.Entry<String, Integer> finals : effects.entrySet()) {
            int right = 1 + seen.replays().getOrDefault(finals.getKey(), 0);
            twice += Math.max(0, finals.getValue() - right);
        }
        for (TaskSeen task : seen.tasks()) {
            boolean changed = task.first().isFinal() && !task.first().equals(task.last());
            twice += changed && !seen.replays().containsKey(task.taskId()) ? 1 : 0;
        }
        for (List<TaskSeen> sameKey : tasks.values()) {
            twice += sameKey.size() - 1;
        }
        for (List<ResultMessage> sameKey : results.values()) {
            twice += distinct(sameKey, r -> r.messageId() + r.outcome() + r.body()) - 1;
        }
        return twice;
    }

    private int lateDropped() {
        int dropped = 0;
        Map<String, Long> replies =
                seen.replies().stream()
                        .collect(Collectors.groupingBy(Checker::taskOf, Collectors.counting()));
        for (Map.Entry<String, Long> told : replies.entrySet()) {
            dropped += (int) Math.max(0, told.getValue() - effects.getOrDefault(told.getKey(), 1));
        }
        return dropped;
    }

    /** Of {@code task:epoch:attempt}. */
    private static String taskOf(String messageId) {
        return messageId.split(":", 2)[0];
    }

    private int callsBeyondOne() {
        return seen.calls().size() - distinct(seen.calls(), c -> c);
    }

    private List<String> broken(Counters c) {
        List<String> broken = new ArrayList<>();
        require(broken, c.lost() == 0, c.lost() + " accepted tasks are lost");
        require(broken, c.unexpected() == 0, c.unexpected() + " tasks or answers are unexpected");
        require(
                broken,
                c.duplicateEffects() == 0,
                c.duplicateEffects() + " effects took place twice");
        require(broken, c.inversions() == 0, c.inversions() + " turns overtook an older one");
        wrongEnds().forEach((end, n) -> broken.add(n + " tasks ended as " + end));
        require(
                broken,
                c.parked() == promise.parked(),
                c.parked() + " dead letters instead of " + promise.parked());
        require(broken, seen.depths().isEmpty(), "messages are left in queues: " + seen.depths());
        int inFlight = seen.disturbance().callsInFlight();
        require(
                broken,
                promise.repeatsCalls() || c.callsBeyondOne() <= inFlight,
                c.callsBeyondOne()
                        + " backend calls beyond one per task, at most "
                        + inFlight
                        + " were in flight at kills");
        Duration recovery = seen.longestRecovery();
        require(
                broken,
                recovery == null || recovery.compareTo(promise.recovery()) <= 0,
                "a recovery took " + recovery + " instead of at most " + promise.recovery());
        return broken;
    }

    private static void require(List<String> broken, boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }

    private Map<String, Integer> wrongEnds() {
        Map<String, Integer> wrong = new TreeMap<>();
        for (Attempt attempt : attempts.values()) {
            for (TaskSeen task : tasks.getOrDefault(attempt.key(), List.of())) {
                if (task.first().isFinal() && !attempt.expected().contains(task.first().state())) {
                    wrong.merge(
                            task.first().state() + ", not " + attempt.expected(), 1, Integer::sum);
                }
            }
        }
        return wrong;
    }

    private static <T> int distinct(List<T> all, Function<T, String> what) {
        return (int) all.stream().map(what).distinct().count();
    }

    private static <T> Map<String, List<T>> by(List<T> all, Function<T, String> key) {
        return all.stream().collect(Collectors.groupingBy(key));
    }
}
