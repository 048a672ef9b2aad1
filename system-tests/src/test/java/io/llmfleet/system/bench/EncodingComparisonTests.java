package io.llmfleet.system.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class EncodingComparisonTests {

    private static final String PROSE = "A queue keeps messages until they are read. ";

    static List<Encoding> encodings() {
        return Encoding.all();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyEncodingGivesBackWhatItTook(Encoding encoding) {
        JsonNode body = Json.MAPPER.createObjectNode().put("text", PROSE).put("n", 3);

        assertThat(encoding.decode(encoding.encode(body))).isEqualTo(body);
    }

    @Test
    void theTableHasEveryEncodingOfEverySize() {
        String table = EncodingComparison.run(PROSE, Duration.ofMillis(2)).table();

        assertThat(table.lines().skip(2)).hasSize(5 * Encoding.all().size());
        assertThat(table).contains("| 1,024 B | JSON, zstd 3 |").contains("| JSON | ");
    }
}
