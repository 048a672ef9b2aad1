package io.llmfleet.router.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTextTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"input\":{\"text\":\"hello\"}}                                             | hello",
                "{\"parameters\":{\"text\":\"no\"},\"input\":{\"text\":\"yes\",\"language\":\"de\"}} | yes",
                "{\"input\":{\"question\":\"why?\",\"text\":\"so\"}}                          | why? so",
                "{\"input\":{\"input\":[\"a\",\"b\"]}}                                        | a b",
                "{\"input\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"first\"},{\"role\":\"user\",\"content\":\"last\"}]}} | last",
                "{\"input\":{\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"part\"}]}]}} | part",
                "{\"input\":{\"text\":\"cut\",\"more\":                                       | cut",
            })
    void textIsWhatIsAsked(String body, String text) {
        assertThat(InputText.of(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"input\":7}", "[1]", "nonsense", "''"})
    void bodyWithoutATextHasNone(String body) {
        assertThat(InputText.of(body.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void onlyTheStartOfALongTextCounts() {
        String body = "{\"input\":{\"text\":\"" + "x".repeat(300_000) + "\"}}";

        assertThat(InputText.of(body.getBytes(StandardCharsets.UTF_8)))
                .satisfiesAnyOf(
                        text -> assertThat(text).isNull(), text -> assertThat(text).hasSize(1_000));
        assertThat(
                        InputText.of(
                                body.replaceFirst("x{200000}", "")
                                        .getBytes(StandardCharsets.UTF_8)))
                .hasSize(1_000);
    }
}
