package io.llmfleet.cli.command;

import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The options for what a key may; {@value #DEFAULT} leaves a limit to the fleet's default. */
final class LimitOptions {

    private static final String DEFAULT = "default";

    @Option(
            names = "--requests-per-minute",
            paramLabel = "N",
            converter = Value.class,
            description = "HTTP requests; 'default' is the fleet's default, as for all limits.")
    @Nullable JsonNode requestsPerMinute;

    @Option(
            names = "--tokens-per-minute",
            paramLabel = "N",
            converter = Value.class,
            description = "Tokens of prompts and answers.")
    @Nullable JsonNode tokensPerMinute;

    @Option(
            names = "--queued-tasks",
            paramLabel = "N",
            converter = Value.class,
            description = "Unfinished tasks at once.")
    @Nullable JsonNode queuedTasks;

    @Option(
            names = "--tokens-per-day",
            paramLabel = "N",
            converter = Value.class,
            description = "By days in UTC.")
    @Nullable JsonNode tokensPerDay;

    @Option(
            names = "--cost-per-day",
            paramLabel = "MONEY",
            converter = Value.class,
            description = "In the currency of the price lists, by days in UTC.")
    @Nullable JsonNode costPerDay;

    @Option(
            names = "--body-size",
            paramLabel = "BYTES",
            converter = Value.class,
            description = "Of a request, or of a line of many.")
    @Nullable JsonNode bodySize;

    @Option(
            names = "--json-depth",
            paramLabel = "LEVELS",
            converter = Value.class,
            description = "Of nested JSON.")
    @Nullable JsonNode jsonDepth;

    /** A number, or null for the default. */
    static final class Value implements ITypeConverter<JsonNode> {
        @Override
        public JsonNode convert(String text) {
            if (text.equals(DEFAULT)) {
                return Json.MAPPER.nullNode();
            }
            try {
                return Json.MAPPER.getNodeFactory().numberNode(new BigDecimal(text));
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no number; accepted: a number, or " + DEFAULT);
            }
        }
    }

    /** What was said, as the API takes it. */
    ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        put(json, "requestsPerMinute", requestsPerMinute);
        put(json, "tokensPerMinute", tokensPerMinute);
        put(json, "queuedTasks", queuedTasks);
        put(json, "tokensPerDay", tokensPerDay);
        put(json, "costPerDay", costPerDay);
        put(json, "bodySize", bodySize);
        put(json, "jsonDepth", jsonDepth);
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable JsonNode value) {
        if (value != null) {
            json.set(name, value);
        }
    }
}
