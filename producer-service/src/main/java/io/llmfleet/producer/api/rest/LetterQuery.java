package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.deadletter.DeadLetter;
import io.llmfleet.producer.deadletter.GroupBy;
import io.llmfleet.producer.deadletter.LetterFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads which letters are meant, the same from a query and from the filter in a body. */
final class LetterQuery {

    /** What letters may have in common. */
    static final List<String> SAME = Arrays.stream(GroupBy.values()).map(GroupBy::word).toList();

    private static final List<String> OTHERS = List.of("state", "task", "job", "since", "until");

    /** Every parameter of a filter. */
    static final List<String> FILTER = Stream.concat(OTHERS.stream(), SAME.stream()).toList();

    private LetterQuery() {}

    /** The parameters of a filter and these. */
    static List<String> and(String... more) {
        List<String> all = new ArrayList<>(FILTER);
        all.addAll(List.of(more));
        return all;
    }

    static LetterFilter read(QueryParameters query) {
        Map<GroupBy, String> same = new EnumMap<>(GroupBy.class);
        for (GroupBy each : GroupBy.values()) {
            String value = query.text(each.word());
            if (value != null) {
                same.put(each, value);
            }
        }
        return new LetterFilter(
                query.oneOf("state", DeadLetter.State.class),
                same,
                query.id("task", "the id of a task"),
                query.id("job", "the id of a replay or discard of many"),
                time(query, "since"),
                time(query, "until"));
    }

    /**
     * The filter in a body, which has the same fields as a query.
     *
     * @throws BadRequestException naming everything that is wrong
     */
    static LetterFilter read(JsonNode filter) {
        Map<String, String[]> parameters = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : filter.properties()) {
            parameters.put(field.getKey(), new String[] {field.getValue().asString("")});
        }
        QueryParameters query = new QueryParameters(parameters, FILTER);
        LetterFilter read = read(query);
        query.requireValid();
        return read;
    }

    /** What to group by; the code if nothing is said. */
    static GroupBy by(QueryParameters query) {
        String by = query.text("by");
        for (GroupBy each : GroupBy.values()) {
            if (each.word().equals(by)) {
                return each;
            }
        }
        if (by != null) {
            query.error("by", "is unknown; accepted: " + String.join(", ", SAME));
        }
        return GroupBy.CODE;
    }

    private static @Nullable Instant time(QueryParameters query, String name) {
        String value = query.text(name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            query.error(name, "is no time; accepted: 2026-01-31T12:00:00Z");
            return null;
        }
    }
}
