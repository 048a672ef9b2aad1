package io.llmfleet.producer.api.openai.embedding;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.api.openai.Usages;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads and divides the inputs of an embeddings request, and writes vectors as clients want them.
 */
final class Embeddings {

    private static final String FORMAT = "encoding_format";

    private Embeddings() {}

    static JsonNode texts(ObjectNode body) {
        JsonNode input = body.path("input");
        if (input.isMissingNode()) {
            throw OpenAiException.invalid("input", null, "input is required: a text or a list");
        }
        return input;
    }

    static boolean asksForBase64(ObjectNode body) {
        String format = body.path(FORMAT).asString("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw OpenAiException.invalid(FORMAT, null, FORMAT + ": accepted: float, base64");
        }
        return format.equals("base64");
    }

    /** Backends are asked for numbers, which any of them can give. */
    static ObjectNode input(ObjectNode body, JsonNode part) {
        ObjectNode input = body.deepCopy();
        input.remove(FORMAT);
        input.set("input", part);
        return input;
    }

    /**
     * @param input a text, a list of texts, a list of tokens, or a list of lists of tokens
     * @return parts of up to {@code size} inputs, in order
     */
    static List<JsonNode> split(JsonNode input, int size) {
        boolean many = input.isArray() && !input.isEmpty() && !input.get(0).isIntegralNumber();
        if (!many || input.size() <= size) {
            return List.of(input);
        }
        List<JsonNode> parts = new ArrayList<>();
        ArrayNode part = Json.MAPPER.createArrayNode();
        for (JsonNode one : input) {
            part.add(one);
            if (part.size() == size) {
                parts.add(part);
                part = Json.MAPPER.createArrayNode();
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /** The vectors of an output, in the order of its inputs. */
    static Stream<JsonNode> inOrder(JsonNode output) {
        return output.path("data")
                .valueStream()
                .sorted(Comparator.comparingInt(item -> item.path("index").asInt(0)))
                .map(item -> item.path("embedding"));
    }

    /** Little-endian 32-bit floats in Base64. */
    static JsonNode base64(JsonNode vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEach(number -> bytes.putFloat((float) number.asDouble()));
        return StringNode.valueOf(Base64.getEncoder().encodeToString(bytes.array()));
    }

    static ObjectNode answer(List<TaskView> done, String model, boolean base64) {
        List<ObjectNode> outputs = done.stream().map(OpenAiTasks::output).toList();
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (ObjectNode output : outputs) {
            inOrder(output)
                    .forEach(
                            vector -> {
                                ObjectNode item = data.addObject().put("object", "embedding");
                                item.put("index", data.size() - 1);
                                item.set("embedding", base64 ? base64(vector) : vector);
                            });
        }
        answer.put("model", outputs.getFirst().path("model").asString(model));
        answer.set("usage", Usages.sum(outputs));
        return answer;
    }
}
