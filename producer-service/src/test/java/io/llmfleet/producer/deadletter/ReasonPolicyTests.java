package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonPolicyTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "HTTP 503 after 12.5 s|HTTP # after # s",
                "task 01890a5d-ac96-774b-bcce-b302099a8057 is gone|task # is gone",
                "field 'name' has \"x y\"|field '…' has '…'",
                "no such model|no such model",
            })
    void whatDiffersFromLetterToLetterIsLeftOut(String message, String reason) {
        assertThat(ReasonPolicy.of(message)).isEqualTo(reason);
    }

    @Test
    void longOnesAreCut() {
        assertThat(ReasonPolicy.of("x".repeat(1000))).hasSize(160).endsWith("…");
    }
}
