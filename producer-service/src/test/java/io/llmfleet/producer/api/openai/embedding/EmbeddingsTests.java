package io.llmfleet.producer.api.openai.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EmbeddingsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"one\"                 | [\"one\"]",
                "[\"a\",\"b\"]           | [[\"a\",\"b\"]]",
                "[\"a\",\"b\",\"c\"]     | [[\"a\",\"b\"],[\"c\"]]",
                "[1,2,3]                 | [[1,2,3]]",
                "[[1],[2],[3]]           | [[[1],[2]],[[3]]]",
                "[]                      | [[]]",
            })
    void dividesInputsAndNothingElse(String input, String parts) {
        assertThat(Embeddings.split(json(input), 2)).isEqualTo(json(parts).valueStream().toList());
    }

    @Test
    void base64HoldsLittleEndianFloats() {
        String text = Embeddings.base64(json("[0.5, -1.25]")).stringValue();

        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(8);
        assertThat(bytes.getFloat()).isEqualTo(0.5f);
        assertThat(bytes.getFloat()).isEqualTo(-1.25f);
    }

    @Test
    void vectorsComeInTheOrderOfTheirInputs() {
        JsonNode output =
                json(
                        "{\"data\":[{\"index\":1,\"embedding\":[2]},{\"index\":0,\"embedding\":[1]}]}");

        assertThat(Embeddings.inOrder(output)).containsExactly(json("[1]"), json("[2]"));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
