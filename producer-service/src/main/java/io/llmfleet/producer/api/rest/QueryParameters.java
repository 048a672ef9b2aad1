package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.task.FieldError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a query and gathers what is wrong; a misspelt filter is refused, never
 * ignored.
 */
final class QueryParameters {

    static final int DEFAULT_LIMIT = 50;
    static final int MOST = 500;

    private final Map<String, String[]> parameters;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param accepted every parameter that there is
     */
    QueryParameters(Map<String, String[]> parameters, List<String> accepted) {
        this.parameters = parameters;
        new TreeMap<>(parameters).forEach((name, values) -> checkName(name, values, accepted));
    }

    /**
     * @throws BadRequestException naming every parameter that is wrong
     */
    void requireValid() {
        if (!errors.isEmpty()) {
            throw BadRequestException.of(errors);
        }
    }

    /** The value, or null if it is not there. */
    @Nullable String text(String name) {
        String[] values = parameters.get(name);
        if (values == null || values.length == 0) {
            return null;
        }
        if (values[0].indexOf('\0') >= 0) {
            error(name, "must not have the character U+0000");
        }
        return values[0];
    }

    /** One of the constants' names, or null if it is not there or wrong. */
    <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> constants) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        for (E constant : constants.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        String all =
                Arrays.stream(constants.getEnumConstants())
                        .map(Enum::name)
                        .collect(Collectors.joining(", "));
        error(name, "is unknown; accepted: " + all);
        return null;
    }

    /** True or false, or null if it is not there or wrong. */
    @Nullable Boolean truth(String name) {
        String value = text(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            error(name, "is neither; accepted: true, false");
        }
        return value == null ? null : Boolean.valueOf(value);
    }

    /** The id, or null if it is not there or wrong. */
    @Nullable UUID id(String name, String accepted) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        UUID id = PathId.parse(value);
        if (id == null) {
            error(name, "is no id; accepted: " + accepted);
        }
        return id;
    }

    /** The page before's last id. */
    @Nullable UUID after() {
        return id("after", "the value of next of the page before");
    }

    int limit() {
        String value = text("limit");
        if (value == null) {
            return DEFAULT_LIMIT;
        }
        int limit = value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
        if (limit < 1 || limit > MOST) {
            error("limit", "is out of range; accepted: 1 to " + MOST);
        }
        return limit;
    }

    /** The whole number, or null if it is not there or wrong. */
    @Nullable Integer whole(String name, int least, int most) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        int number = value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            error(name, "is out of range; accepted: " + least + " to " + most);
            return null;
        }
        return number;
    }

    /** The number, or null if it is not there or wrong. */
    @Nullable Double number(String name, double least, double most, String accepted) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        double number =
                value.matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.parseDouble(value) : Double.NaN;
        if (!(number >= least && number <= most)) {
            error(name, "is out of range; accepted: " + accepted);
            return null;
        }
        return number;
    }

    void error(String name, String message) {
        errors.add(new FieldError(name, message));
    }

    private void checkName(String name, String[] values, List<String> accepted) {
        if (!accepted.contains(name)) {
            error(name, "unknown parameter; accepted: " + String.join(", ", accepted));
        } else if (values.length > 1) {
            error(name, "is there twice; accepted: once");
        }
    }
}
