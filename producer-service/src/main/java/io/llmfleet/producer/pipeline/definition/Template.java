package io.llmfleet.producer.pipeline.definition;

import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON whose texts may hold <code>${expression}</code>: a text that is one expression alone becomes
 * that expression's value, of whatever type; <code>$${</code> stands for itself.
 */
public record Template(JsonNode json) {

    static final Template NULL = new Template(Json.MAPPER.nullNode());

    /**
     * @throws ExpressionException with the place inside the template
     */
    public JsonNode fill(Map<String, JsonNode> scope) {
        return fill(json, "", scope);
    }

    /** The steps that its expressions read; what cannot be read is told by {@link #errors}. */
    public Set<String> steps() {
        Set<String> steps = new TreeSet<>();
        eachText(json, "", (place, text) -> steps.addAll(stepsOf(text)));
        return steps;
    }

    private static Set<String> stepsOf(String text) {
        Set<String> steps = new TreeSet<>();
        try {
            TextParts.of(text).stream()
                    .filter(TextParts.Code.class::isInstance)
                    .forEach(c -> steps.addAll(ExpressionSource.steps(c.text())));
        } catch (ExpressionException e) {
            return Set.of();
        }
        return steps;
    }

    /** Everything wrong with its expressions. */
    List<DefinitionError> errors(String place) {
        List<DefinitionError> errors = new ArrayList<>();
        eachText(
                json,
                place,
                (at, text) -> {
                    try {
                        TextParts.of(text).stream()
                                .filter(TextParts.Code.class::isInstance)
                                .forEach(c -> Expression.parse(c.text()));
                    } catch (ExpressionException e) {
                        errors.add(new DefinitionError(at, String.valueOf(e.getMessage())));
                    }
                });
        return errors;
    }

    private static void eachText(JsonNode node, String place, BiConsumer<String, String> to) {
        if (node.isString()) {
            to.accept(place, node.stringValue());
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                eachText(node.get(i), place + "[" + i + "]", to);
            }
        } else {
            node.properties().forEach(f -> eachText(f.getValue(), place + "." + f.getKey(), to));
        }
    }

    private static JsonNode fill(JsonNode node, String place, Map<String, JsonNode> scope) {
        if (node.isString()) {
            return text(node.stringValue(), place, scope);
        }
        if (node.isArray()) {
            ArrayNode filled = Json.MAPPER.createArrayNode();
            for (int i = 0; i < node.size(); i++) {
                filled.add(fill(node.get(i), place + "[" + i + "]", scope));
            }
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = Json.MAPPER.createObjectNode();
            node.properties()
                    .forEach(
                            f ->
                                    filled.set(
                                            f.getKey(),
                                            fill(f.getValue(), place + "." + f.getKey(), scope)));
            return filled;
        }
        return node;
    }

    private static JsonNode text(String text, String place, Map<String, JsonNode> scope) {
        try {
            List<TextParts.Part> parts = TextParts.of(text);
            if (parts.size() == 1 && parts.getFirst() instanceof TextParts.Code code) {
                return new Expression(code.text()).evaluate(scope);
            }
            StringBuilder filled = new StringBuilder();
            for (TextParts.Part part : parts) {
                filled.append(
                        switch (part) {
                            case TextParts.Literal l -> l.text();
                            case TextParts.Code c ->
                                    written(new Expression(c.text()).evaluate(scope));
                        });
            }
            return Json.MAPPER.valueToTree(filled.toString());
        } catch (ExpressionException e) {
            throw place.isEmpty() ? e : new ExpressionException(place + " " + e.getMessage());
        }
    }

    private static String written(JsonNode value) {
        return value.isNull() ? "" : value.isString() ? value.stringValue() : value.toString();
    }
}
