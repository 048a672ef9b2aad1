package io.llmfleet.system.chaos.check;

import io.llmfleet.system.chaos.check.Observation.TaskSeen;
import io.llmfleet.system.chaos.load.Attempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts turns of a conversation that finished before an older one. A turn that failed and was
 * replayed later has given up its place.
 */
final class Inversions {

    private Inversions() {}

    static int count(
            List<Attempt> attempts, Map<String, List<TaskSeen>> tasks, Set<String> replayed) {
        Map<String, List<TaskSeen>> conversations = new TreeMap<>();
        for (Attempt attempt : attempts) {
            String conversation = attempt.conversation();
            if (conversation != null && attempt.accepted()) {
                conversations
                        .computeIfAbsent(conversation, c -> new ArrayList<>())
                        .addAll(
                                tasks.getOrDefault(attempt.key(), List.of()).stream()
                                        .filter(t -> !replayed.contains(t.taskId()))
                                        .toList());
            }
        }
        return conversations.values().stream().mapToInt(Inversions::of).sum();
    }

    /** Ids are in the order of acceptance; a turn without an end is missed elsewhere. */
    private static int of(List<TaskSeen> turns) {
        List<Instant> ends =
                turns.stream()
                        .sorted(Comparator.comparing(TaskSeen::taskId))
                        .flatMap(t -> Stream.ofNullable(t.first().finishedAt()))
                        .map(Instant::parse)
                        .toList();
        int inversions = 0;
        for (int i = 1; i < ends.size(); i++) {
            inversions += ends.get(i).isBefore(ends.get(i - 1)) ? 1 : 0;
        }
        return inversions;
    }
}
