package io.llmfleet.producer.pipeline.definition;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSONata expression (jsonata.org): it reads values and makes values, within bounds, and can do
 * nothing else.
 */
public record Expression(String text) {

    static final int LONGEST = 4_000;

    /**
     * @throws ExpressionException saying what is wrong with it
     */
    static Expression parse(String text) {
        if (text.length() > LONGEST) {
            throw new ExpressionException(
                    "has " + text.length() + " characters; accepted: up to " + LONGEST);
        }
        ExpressionSource.refusal(text)
                .ifPresent(
                        refusal -> {
                            throw new ExpressionException(refusal);
                        });
        compile(text);
        return new Expression(text);
    }

    public Set<String> steps() {
        return ExpressionSource.steps(text);
    }

    /**
     * Its value; JSON's null where there is none.
     *
     * @throws ExpressionException if it fails, or goes beyond its bounds
     */
    public JsonNode evaluate(Map<String, JsonNode> scope) {
        Object input = Json.MAPPER.convertValue(scope, Object.class);
        Jsonata compiled = compile(text);
        Jsonata.Frame frame = compiled.createFrame();
        Bounds bounds = new Bounds(Duration.ofSeconds(1));
        frame.setEvaluateEntryCallback((node, in, at) -> bounds.enter());
        frame.setEvaluateExitCallback((node, in, at, result) -> bounds.leave(result));
        Object value;
        try {
            value = compiled.evaluate(input, frame);
        } catch (JException e) {
            throw new ExpressionException("failed: " + reason(e));
        } catch (StackOverflowError e) {
            throw new ExpressionException("failed: it is nested too deep");
        } catch (ExpressionException e) {
            throw e;
        } catch (RuntimeException e) {
            // The library's own checks do not cover every wrong type.
            throw new ExpressionException("failed: " + e.getClass().getSimpleName());
        }
        return json(value, bounds);
    }

    /** What counts as true in JSONata does so here. */
    public boolean holds(Map<String, JsonNode> scope) {
        JsonNode value = new Expression("$boolean(" + text + ")").evaluate(scope);
        return value.asBoolean(false);
    }

    private static JsonNode json(@Nullable Object value, Bounds bounds) {
        bounds.check(value, 0);
        return value == null ? Json.MAPPER.nullNode() : Json.MAPPER.valueToTree(value);
    }

    private static Jsonata compile(String text) {
        try {
            return Jsonata.jsonata(text);
        } catch (JException e) {
            throw new ExpressionException("is no JSONata expression: " + reason(e));
        } catch (StackOverflowError | RuntimeException e) {
            throw new ExpressionException("is no JSONata expression");
        }
    }

    /** Where it is wrong and why; a value that it names may be content, so that is left out. */
    private static String reason(JException e) {
        return e.getError() + " at character " + e.getLocation();
    }
}
