package io.llmfleet.producer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageShapeTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|{}",
                "[]|[]",
                "{'text': 'secret'}|{text: text}",
                "{'b': 1.5, 'a': true, 'c': null}|{a: flag, b: number, c: null}",
                "[1, 'x', 2, {'k': []}]|[number / text / {k: []}]",
            })
    void namesFieldsAndTypesAndNoValues(String json, String shape) {
        assertThat(of(json)).isEqualTo(shape.replace('/', '|'));
    }

    @Test
    void orderAndNumberOfEqualElementsDoNotMatter() {
        assertThat(of("{'m': [{'a': 1, 'b': 'x'}, {'b': 'y', 'a': 2}], 'n': 1}"))
                .isEqualTo(of("{'n': 7, 'm': [{'b': 'z', 'a': 0}]}"));
    }

    @Test
    void longOnesAreToldApartByADigest() {
        String many = "{" + "'field%s': 1, ".repeat(40) + "'%s': 1}";
        Object[] names = new Object[41];
        for (int i = 0; i < 41; i++) {
            names[i] = "n" + i;
        }
        String one = of(many.formatted(names));
        names[40] = "other";
        String another = of(many.formatted(names));

        assertThat(one).hasSizeLessThan(180).contains("…#").isNotEqualTo(another);
    }

    @Test
    void namesThatMayBeAnybodysTextAreNotShown() {
        assertThat(of("{'my secret \\u0000 words': 1}")).matches("\\{#[0-9a-f]{12}: number}");
    }

    @Test
    void whatIsNoJsonOrTooLargeSaysSo() {
        assertThat(of("{")).isEqualTo(MessageShape.NO_JSON);
        assertThat(MessageShape.of(new byte[MessageShape.MOST_BYTES + 1]))
                .isEqualTo(MessageShape.LARGE);
    }

    private static String of(String json) {
        return MessageShape.of(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
