package io.llmfleet.producer.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExpressionTests {

    private static final Map<String, JsonNode> SCOPE =
            Map.of(
                    "input",
                    json("{'topic':'queues','n':3,'list':['a'],'none':null,'big':[1,2,3]}"),
                    "steps",
                    json("{'a':{'text':'one','items':[{'t':'x'},{'t':'y'}]}}"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'${input.topic}'                     | 'queues'",
                "'${input.n}'                         | 3",
                "'about ${input.topic}, ${input.n}'   | 'about queues, 3'",
                "'${input.list}'                      | ['a']",
                "'${steps.a.items.t}'                 | ['x','y']",
                "'${steps.b.text}'                    | null",
                "'a ${steps.b.text} b'                | 'a  b'",
                "'${{\"k\": input.n}}'                | {'k':3}",
                "'$${input.topic}'                    | '${input.topic}'",
                "'${\"}\" & input.topic}'             | '}queues'",
                "'${input.n > 2 ? \"many\" : \"few\"}'| 'many'",
                "'cost $5'                            | 'cost $5'",
            })
    void aTextBecomesWhatItsExpressionsSay(String text, String expected) {
        String asked = text.substring(text.indexOf('\'') + 1, text.lastIndexOf('\''));
        JsonNode filled = new Template(Json.MAPPER.valueToTree(asked)).fill(SCOPE);

        assertThat(filled).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$eval('1')",
                "$now()",
                "$pad('x', 1000000000)",
                "$match(input.topic, /(a+)+b/)",
                "input.topic ~> /a/",
                "steps.",
                "(",
            })
    void whatIsNoExpressionOrNotOfferedIsRefused(String text) {
        assertThatThrownBy(() -> Expression.parse(text)).isInstanceOf(ExpressionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "input.n / 2",
                "(input.n) / input.n",
                "'a/b' & '/c/'",
                "$count(input.big) / 3"
            })
    void aDivisionIsNoRegularExpression(String text) {
        assertThat(Expression.parse(text).evaluate(SCOPE)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($n) { $f($n) + 1 }; $f(1))",
                "$map([1..9999999], function($v) { $v })",
                "($a := '0123456789'; $b := $a&$a&$a&$a&$a&$a&$a&$a&$a&$a; $c := $b&$b&$b&$b&$b&$b&$b&$b&$b&$b;"
                        + " $d := $c&$c&$c&$c&$c&$c&$c&$c&$c&$c; $e := $d&$d&$d&$d&$d&$d&$d&$d&$d&$d;"
                        + " $g := $e&$e&$e&$e&$e&$e&$e&$e&$e&$e; $h := $g&$g&$g&$g&$g&$g&$g&$g&$g&$g; $h)",
                "$reduce([1..40], function($i, $j) { [$i, $i] })",
                "input.topic + 1",
                "$",
            })
    void whatGoesBeyondTheBoundsFailsSoon(String text) {
        Expression expression = Expression.parse(text.equals("$") ? "function($x) { $x }" : text);

        assertThatThrownBy(() -> expression.evaluate(SCOPE))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("failed");
    }

    @Test
    void theStepsThatItReadsAreKnown() {
        assertThat(Expression.parse("steps.a.text & steps.b & 'steps.c'").steps())
                .containsExactly("a", "b");
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
