package io.llmfleet.producer.api.openai;

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
import tools.jackson.databind.node.StringNode;

/** Divides the inputs of an embeddings request, and writes vectors as clients want them. */
final class Embeddings {

    private Embeddings() {}

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
}
