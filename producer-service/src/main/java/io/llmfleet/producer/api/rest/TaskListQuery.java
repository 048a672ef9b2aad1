package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Names;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.TaskFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads which tasks to list from the query; a misspelt filter is refused, never ignored. */
final class TaskListQuery {

    static final int DEFAULT_LIMIT = 50;
    static final int MOST = 500;

    private static final List<String> ACCEPTED =
            List.of("state", "type", "target", "conversation", "batch", "after", "limit");

    private final Map<String, String[]> parameters;
    private final List<FieldError> errors = new ArrayList<>();

    private TaskListQuery(Map<String, String[]> parameters) {
        this.parameters = parameters;
    }

    /**
     * @throws BadRequestException naming every parameter that is wrong
     */
    static TaskFilter read(String tenant, Map<String, String[]> parameters) {
        TaskListQuery query = new TaskListQuery(parameters);
        TaskFilter filter = query.filter(tenant);
        if (!query.errors.isEmpty()) {
            throw BadRequestException.of(query.errors);
        }
        return filter;
    }

    private TaskFilter filter(String tenant) {
        new TreeMap<>(parameters).forEach(this::checkName);
        return new TaskFilter(
                tenant,
                state(),
                word("type"),
                value("target"),
                value("conversation"),
                id("batch", "the id of a batch"),
                id("after", "the value of next of the page before"),
                limit());
    }

    private void checkName(String name, String[] values) {
        if (!ACCEPTED.contains(name)) {
            error(name, "unknown parameter; accepted: " + String.join(", ", ACCEPTED));
        } else if (values.length > 1) {
            error(name, "is there twice; accepted: once");
        }
    }

    private @Nullable TaskState state() {
        String value = value("state");
        if (value == null) {
            return null;
        }
        try {
            return TaskState.valueOf(value);
        } catch (IllegalArgumentException e) {
            String all =
                    Arrays.stream(TaskState.values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", "));
            error("state", "is no state; accepted: " + all);
            return null;
        }
    }

    private @Nullable String word(String name) {
        String value = value(name);
        if (value != null && !Names.WORD.matcher(value).matches()) {
            error(name, "must match " + Names.WORD.pattern());
        }
        return value;
    }

    private @Nullable UUID id(String name, String accepted) {
        String value = value(name);
        if (value == null) {
            return null;
        }
        UUID id = PathId.parse(value);
        if (id == null) {
            error(name, "is no id; accepted: " + accepted);
        }
        return id;
    }

    private int limit() {
        String value = value("limit");
        if (value == null) {
            return DEFAULT_LIMIT;
        }
        int limit = value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
        if (limit < 1 || limit > MOST) {
            error("limit", "is out of range; accepted: 1 to " + MOST);
        }
        return limit;
    }

    private @Nullable String value(String name) {
        String[] values = parameters.get(name);
        if (values == null || values.length == 0) {
            return null;
        }
        if (values[0].indexOf('\0') >= 0) {
            error(name, "must not have the character U+0000");
        }
        return values[0];
    }

    private void error(String name, String message) {
        errors.add(new FieldError(name, message));
    }
}
