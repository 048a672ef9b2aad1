package io.llmfleet.producer.deadletter;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant; what is null, or not in the map, does not matter.
 *
 * @param same what they have in common; an empty text stands for those that have none
 * @param task that failed, or that an edited copy became
 * @param job that has taken them or decided about them
 * @param since when they failed, at the earliest
 * @param until when they failed, before it
 */
public record LetterFilter(
        DeadLetter.@Nullable State state,
        Map<GroupBy, String> same,
        @Nullable UUID task,
        @Nullable UUID job,
        @Nullable Instant since,
        @Nullable Instant until) {

    private static final Set<String> OTHERS = Set.of("state", "task", "job", "since", "until");

    public static final LetterFilter ALL = new LetterFilter(null, Map.of(), null, null, null, null);

    public LetterFilter {
        same = Map.copyOf(same);
    }

    public LetterFilter in(DeadLetter.State wanted) {
        return new LetterFilter(wanted, same, task, job, since, until);
    }

    public LetterFilter with(GroupBy what, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<GroupBy, String> more = new EnumMap<>(GroupBy.class);
        more.putAll(same);
        more.put(what, value);
        return new LetterFilter(state, more, task, job, since, until);
    }

    /** As a person reads it. */
    public Map<String, String> words() {
        Map<String, String> words = new TreeMap<>();
        same.forEach((what, value) -> words.put(what.word(), value));
        words.put("state", state == null ? "" : state.name());
        words.put("task", task == null ? "" : task.toString());
        words.put("job", job == null ? "" : job.toString());
        words.put("since", since == null ? "" : since.toString());
        words.put("until", until == null ? "" : until.toString());
        words.entrySet().removeIf(w -> OTHERS.contains(w.getKey()) && w.getValue().isEmpty());
        return words;
    }
}
