package io.llmfleet.producer.pipeline.definition;

import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields of one object of a definition, and gathers what is wrong with their places. */
record DefinitionFields(JsonNode json, String place, List<DefinitionError> errors) {

    String at(String field) {
        return place.isEmpty() ? field : place + "." + field;
    }

    void error(String field, String message) {
        errors.add(new DefinitionError(at(field), message));
    }

    void onlyThese(List<String> accepted) {
        for (String name : json.propertyNames()) {
            if (!accepted.contains(name)) {
                error(name, "unknown field; accepted: " + String.join(", ", accepted));
            }
        }
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    @Nullable JsonNode value(String field) {
        return json.hasNonNull(field) ? json.get(field) : null;
    }

    @Nullable String text(String field) {
        JsonNode value = value(field);
        if (value != null && !value.isString()) {
            error(field, "must be a text");
            return null;
        }
        return value == null ? null : value.stringValue();
    }

    @Nullable DefinitionFields object(String field) {
        JsonNode value = value(field);
        if (value != null && !value.isObject()) {
            error(field, "must be an object");
            return null;
        }
        return value == null ? null : new DefinitionFields(value, at(field), errors);
    }

    /** The objects of a list; empty where it is left out. */
    List<DefinitionFields> objects(String field, int most) {
        JsonNode value = value(field);
        List<DefinitionFields> objects = new ArrayList<>();
        if (value == null) {
            return objects;
        }
        if (!value.isArray() || value.isEmpty() || value.size() > most) {
            error(field, "must be a list of 1 to " + most + " objects");
            return objects;
        }
        for (int i = 0; i < value.size(); i++) {
            String item = field + "[" + i + "]";
            if (value.get(i).isObject()) {
                objects.add(new DefinitionFields(value.get(i), at(item), errors));
            } else {
                error(item, "must be an object");
                objects.add(new DefinitionFields(Json.MAPPER.createObjectNode(), at(item), errors));
            }
        }
        return objects;
    }

    int whole(String field, int least, int most, int otherwise) {
        JsonNode value = value(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            error(field, "must be a whole number from " + least + " to " + most);
            return otherwise;
        }
        return value.intValue();
    }

    @Nullable Duration duration(String field, Duration longest) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text);
            if (duration.isPositive() && duration.compareTo(longest) <= 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Refused below.
        }
        error(field, "must be an ISO 8601 duration such as PT5M, up to " + longest);
        return null;
    }

    /** Bare, or as the one expression of a template. */
    @Nullable Expression expression(String field) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            List<TextParts.Part> parts = TextParts.of(text.strip());
            return parts.size() == 1 && parts.getFirst() instanceof TextParts.Code code
                    ? Expression.parse(code.text())
                    : Expression.parse(text);
        } catch (ExpressionException e) {
            error(field, String.valueOf(e.getMessage()));
            return null;
        }
    }

    @Nullable Template template(String field) {
        if (!json.has(field)) {
            return null;
        }
        Template template = new Template(json.get(field));
        errors.addAll(template.errors(at(field)));
        return template;
    }

    Budget budget() {
        DefinitionFields budget = object("budget");
        if (budget == null) {
            return Budget.NONE;
        }
        budget.onlyThese(List.of("tokens", "cost"));
        JsonNode tokens = budget.value("tokens");
        JsonNode cost = budget.value("cost");
        if (tokens != null && (!tokens.isIntegralNumber() || tokens.longValue() < 1)) {
            budget.error("tokens", "must be a whole number from 1");
            tokens = null;
        }
        if (cost != null && (!cost.isNumber() || cost.decimalValue().signum() <= 0)) {
            budget.error("cost", "must be a number above 0");
            cost = null;
        }
        BigDecimal money = cost == null ? null : cost.decimalValue();
        return new Budget(tokens == null ? null : tokens.longValue(), money);
    }
}
