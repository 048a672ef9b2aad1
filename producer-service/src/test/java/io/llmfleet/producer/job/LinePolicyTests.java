package io.llmfleet.producer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.batch.NdjsonLines;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePolicyTests {

    private static final String GOOD =
            "{\"custom_id\":\"x\",\"method\":\"POST\",\"url\":\"/v1/it\",\"body\":{}}";

    private final LinePolicy policy = new LinePolicy("/v1/it");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | PUT            | invalid_method",
                "/v1/it | /v1/other      | mismatched_url",
                "'\"x\"'  | '\"\"'       | missing_required_parameter",
                "'\"x\"'  | 7            | missing_required_parameter",
                "'\"x\"'  | '\"\\u0000\"'| invalid_custom_id",
                "'\"x\"'  | '\"\\ud800\"'| invalid_json_line",
                "{}     | []             | invalid_body",
                "{}     | '{\"stream\":true}' | stream_not_supported",
                "}      | ''             | invalid_json_line",
            })
    void whatIsWrongIsNamed(String part, String other, String code) {
        assertThat(check(1, GOOD.replace(part, other)))
                .isInstanceOfSatisfying(
                        LinePolicy.Checked.Bad.class,
                        bad -> {
                            assertThat(bad.error().code()).isEqualTo(code);
                            assertThat(bad.error().message()).startsWith("Line 1: ");
                        });
    }

    @Test
    void anIdMayComeOnce() {
        assertThat(check(1, GOOD))
                .isInstanceOfSatisfying(
                        LinePolicy.Checked.Good.class,
                        good -> assertThat(good.customId()).isEqualTo("x"));
        assertThat(check(2, GOOD))
                .isInstanceOfSatisfying(
                        LinePolicy.Checked.Bad.class,
                        bad -> assertThat(bad.error().code()).isEqualTo("duplicate_custom_id"));
    }

    @Test
    void aLineThatWasTooLongToReadIsRefused() {
        assertThat(policy.check(new NdjsonLines.Line(1, null)))
                .isInstanceOfSatisfying(
                        LinePolicy.Checked.Bad.class,
                        bad -> assertThat(bad.error().code()).isEqualTo("line_too_long"));
    }

    @Test
    void theLineAfterTheLastAcceptedOneIsRefused() {
        for (int line = 1; line <= LinePolicy.MOST_LINES; line++) {
            assertThat(check(line, GOOD.replace("\"x\"", "\"x" + line + "\"")))
                    .isInstanceOf(LinePolicy.Checked.Good.class);
        }

        assertThat(check(LinePolicy.MOST_LINES + 1, GOOD))
                .isInstanceOfSatisfying(
                        LinePolicy.Checked.Bad.class,
                        bad -> assertThat(bad.error().code()).isEqualTo("too_many_lines"));
    }

    private LinePolicy.Checked check(int number, String line) {
        return policy.check(new NdjsonLines.Line(number, line.getBytes(StandardCharsets.UTF_8)));
    }
}
