package io.llmfleet.producer.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
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
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LetterFilter(
        DeadLetter.@Nullable State state,
        Map<GroupBy, String> same,
        @Nullable UUID task,
        @Nullable UUID job,
        @Nullable Instant since,
        @Nullable Instant until) {

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

    public LetterFilter failedBefore(Instant time) {
        return new LetterFilter(state, same, task, job, since, time);
    }
}
