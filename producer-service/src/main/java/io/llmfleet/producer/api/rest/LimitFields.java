package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code limits} of a request: an object of numbers, or null for a limit's default. */
final class LimitFields {

    static final String FIELD = "limits";

    private LimitFields() {}

    /** What is there; null and what is left out are the defaults. */
    static KeyLimits read(RequestFields fields) {
        return KeyLimits.NONE.with(changes(fields));
    }

    /** What is there, empty where it is null; what is left out stays as it is. */
    static Map<Limit, Optional<BigDecimal>> changes(RequestFields fields) {
        Map<Limit, Optional<BigDecimal>> changes = new EnumMap<>(Limit.class);
        JsonNode limits = fields.object(FIELD);
        for (Map.Entry<String, JsonNode> entry : limits.properties()) {
            Optional<Limit> limit =
                    Arrays.stream(Limit.values())
                            .filter(l -> l.wire().equals(entry.getKey()))
                            .findFirst();
            if (limit.isEmpty()) {
                fields.error(
                        FIELD + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                        "unknown limit; accepted: " + Limit.names());
            } else {
                changes.put(limit.get(), value(fields, limit.get(), entry.getValue()));
            }
        }
        return changes;
    }

    private static Optional<BigDecimal> value(RequestFields fields, Limit limit, JsonNode value) {
        if (value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber() || !limit.accepts(value.decimalValue())) {
            fields.error(
                    FIELD + "/" + limit.wire(),
                    "must be " + limit.accepted() + ", or null for the default");
            return Optional.empty();
        }
        return Optional.of(value.decimalValue());
    }
}
