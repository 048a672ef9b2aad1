package io.llmfleet.producer.api.openai;

import io.llmfleet.wire.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Adds up what the tasks of one request used. */
public final class Usages {

    private static final List<String> COUNTS =
            List.of("prompt_tokens", "completion_tokens", "total_tokens");

    private Usages() {}

    /**
     * @param answers each with a {@code usage}
     */
    public static ObjectNode sum(List<ObjectNode> answers) {
        ObjectNode sum = Json.MAPPER.createObjectNode();
        for (String count : COUNTS) {
            if (answers.stream().anyMatch(a -> a.path("usage").has(count))) {
                sum.put(
                        count,
                        answers.stream()
                                .mapToLong(a -> a.path("usage").path(count).asLong(0))
                                .sum());
            }
        }
        return sum;
    }
}
