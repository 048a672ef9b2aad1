package io.llmfleet.producer.task;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What one attempt of a task used of a model: the one that led to the result, or one that came to
 * nothing.
 *
 * @param tasks 1 for the attempt that led to the result, else 0
 */
record ModelUsage(String model, int tasks, Usage usage) {

    private static final String UNKNOWN = "unknown";

    private static final Usage NOTHING = new Usage(0, 0, null, 0);

    /** Of all its attempts that a backend answered. */
    static List<ModelUsage> of(FinalOutcome outcome) {
        List<ModelUsage> all = new ArrayList<>();
        for (AttemptFailure failure : outcome.failures()) {
            Usage usage = failure.usage();
            if (usage != null) {
                all.add(new ModelUsage(orUnknown(failure.model()), 0, usage));
            }
        }
        byte[] result = outcome.result();
        if (result != null) {
            all.add(ofResult(result, outcome.model()));
        }
        return all;
    }

    /** What a result says of itself; null where it says nothing. */
    static @Nullable Usage measured(byte[] result) {
        Usage usage = ofResult(result, null).usage();
        return usage.equals(NOTHING) ? null : usage;
    }

    BigDecimal cost() {
        BigDecimal cost = usage.cost();
        return cost == null ? BigDecimal.ZERO : cost;
    }

    private static String orUnknown(@Nullable String model) {
        return model == null ? UNKNOWN : model;
    }

    /** A result may be large, so no tree is built of its output. */
    private static ModelUsage ofResult(byte[] json, @Nullable String routed) {
        String model = routed;
        Usage usage = NOTHING;
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("model") && value == JsonToken.VALUE_STRING) {
                    model = parser.getString();
                } else if (field.equals("usage") && value == JsonToken.START_OBJECT) {
                    usage = parser.readValueAs(Usage.class);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new ModelUsage(orUnknown(model), 1, usage);
    }
}
