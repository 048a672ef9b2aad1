package io.llmfleet.type;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SchemasTests {

    @ParameterizedTest
    @CsvSource({
        "^[a-z]+$,        abc,  true",
        "^[a-z]+$,        abc1, false",
        "b,               abc,  true",
        "^\\p{Letter}+$, äbc,  true",
    })
    void patternsAreThoseOfJsonSchema(String pattern, String text, boolean fits) {
        assertThat(Schemas.check(pattern(pattern), text(text)).isEmpty()).isEqualTo(fits);
    }

    @Test
    void endOfATextIsItsEnd() {
        assertThat(Schemas.check(pattern("^abc$"), text("abc\n"))).hasSize(1);
    }

    @Test
    void patternThatNeverEndsIsAnError() {
        assertThat(Schemas.check(pattern("^(a+)+\\1b"), text("a".repeat(60))))
                .containsExactly(": cannot be checked, the pattern ^(a+)+\\1b takes too long");
    }

    @Test
    void patternThatGoesTooDeepIsAnError() {
        assertThat(Schemas.check(pattern("^(\\w|\\s)+$"), text("a b ".repeat(100_000))))
                .containsExactly(": cannot be checked, the schema leads too deep");
    }

    @Test
    void schemaThatRefersToItselfIsAnError() {
        assertThat(Schemas.check(json("{'$ref': '#'}"), json("{}")))
                .containsExactly(": cannot be checked, the schema leads too deep");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'object'}  | true",
                "{'$ref': '#'}       | false",
                "[]                  | false",
            })
    void isASchemaIfSomethingCanBeCheckedAgainstIt(String schema, boolean is) {
        assertThat(Schemas.isSchema(json(schema))).isEqualTo(is);
    }

    private static JsonNode pattern(String pattern) {
        return Json.MAPPER.createObjectNode().put("type", "string").put("pattern", pattern);
    }

    private static JsonNode text(String text) {
        return Json.MAPPER.valueToTree(text);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes());
    }
}
