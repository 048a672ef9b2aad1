package io.llmfleet.producer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkStreamTests {

    private static final List<String> CHUNKS = List.of("abc", "def", "g");

    @ParameterizedTest
    @CsvSource({"0, abcdefg", "1, bcdefg", "3, defg", "5, fg", "6, g", "7, ''", "9, ''"})
    void readsFromAnyByteToTheEnd(long from, String expected) throws IOException {
        try (ChunkStream stream = new ChunkStream(ChunkStreamTests::chunk, 3, 7, from)) {
            assertThat(stream.readAllBytes()).asString().isEqualTo(expected);
        }
    }

    @Test
    void readsByteByByteToo() throws IOException {
        try (ChunkStream stream = new ChunkStream(ChunkStreamTests::chunk, 3, 7, 2)) {
            assertThat(stream.read()).isEqualTo('c');
            assertThat(stream.read()).isEqualTo('d');
            assertThat(stream.readAllBytes()).asString().isEqualTo("efg");
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @Test
    void aMissingChunkIsNotTheEnd() throws IOException {
        try (ChunkStream stream =
                new ChunkStream(number -> number == 0 ? chunk(0) : null, 3, 7, 0)) {
            assertThatThrownBy(stream::readAllBytes).isInstanceOf(FileGoneException.class);
        }
    }

    private static byte[] chunk(int number) {
        return CHUNKS.get(number).getBytes(StandardCharsets.US_ASCII);
    }
}
