package io.llmfleet.type;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.llmfleet.wire.Json;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Checks JSON against JSON Schemas (2020-12). */
public final class Schemas {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder ->
                            builder.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .regularExpressionFactory(BoundedPattern::new)
                                            .build()));

    private static final int CACHED = 1_000;
    private static final ConcurrentHashMap<JsonNode, Schema> COMPILED = new ConcurrentHashMap<>();

    private Schemas() {}

    /**
     * @throws RuntimeException if this is no JSON Schema
     */
    static Schema compile(JsonNode schema) {
        if (COMPILED.size() > CACHED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(schema, REGISTRY::getSchema);
    }

    /**
     * What a value breaks, each as {@code <JSON pointer>: <what is expected>}; empty where it fits.
     * A schema that leads its check too deep, or that takes too long, is broken by everything.
     */
    public static List<String> check(JsonNode schema, JsonNode value) {
        BoundedPattern.begin();
        try {
            return compile(schema).validate(value).stream()
                    .map(e -> location(e) + ": " + e.getMessage())
                    .toList();
        } catch (BoundedPattern.TooLongException e) {
            return List.of(": cannot be checked, " + e.getMessage());
        } catch (StackOverflowError e) {
            return List.of(": cannot be checked, the schema leads too deep");
        }
    }

    /** Whether it is a JSON Schema that something can be checked against. */
    public static boolean isSchema(JsonNode schema) {
        BoundedPattern.begin();
        try {
            var _ = compile(schema).validate(Json.MAPPER.createObjectNode());
            return schema.isObject();
        } catch (RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    /** Where it is wrong; for a field that is missing or too much, where it would be or is. */
    private static String location(Error error) {
        String property = error.getProperty();
        return property == null
                ? error.getInstanceLocation().toString()
                : error.getInstanceLocation()
                        + "/"
                        + property.replace("~", "~0").replace("/", "~1");
    }
}
