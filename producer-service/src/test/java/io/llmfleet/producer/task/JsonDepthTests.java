package io.llmfleet.producer.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonDepthTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                         | 1",
                "{}                         | 1",
                "[1, 2, 3]                  | 1",
                "{'a': 1, 'b': [{}], 'c': 2}| 3",
                "[[], [[[]]], {'a': []}]    | 4",
            })
    void countsLevelsOfTheDeepestPlace(String json, int depth) {
        JsonNode tree = Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        assertThat(JsonDepth.of(tree)).isEqualTo(depth);
        assertThat(JsonDepth.refusal(tree, depth)).isEmpty();
        assertThat(JsonDepth.refusal(tree, depth - 1))
                .hasValueSatisfying(
                        r ->
                                assertThat(r)
                                        .contains(depth + " levels deep")
                                        .contains("up to " + (depth - 1)));
    }
}
