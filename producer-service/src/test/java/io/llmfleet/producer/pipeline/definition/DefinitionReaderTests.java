package io.llmfleet.producer.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionReaderTests {

    private final DefinitionReader reader = new DefinitionReader("chat"::equals, "any"::equals);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: []                                                        | steps",
                "other: 1                                                         | other",
                "steps: [{id: a}]                                                 | steps[0].type",
                "steps: [{id: A, value: 1}]                                       | steps[0].id",
                "steps: [{id: a, value: 1}, {id: a, value: 1}]                    | steps[1].id",
                "steps: [{id: a, type: song, input: {}}]                          | steps[0].type",
                "steps: [{id: a, type: chat}]                                     | steps[0].input",
                "steps: [{id: a, type: chat, target: x, input: {}}]               | steps[0].target",
                "steps: [{id: a, type: chat, priority: top, input: {}}]           | steps[0].priority",
                "'steps: [{id: a, type: chat, input: {m: [{c: \"${(\"}]}}]'       | steps[0].input.m[0].c",
                "steps: [{id: a, value: 1, needs: [b]}]                           | steps[0].needs",
                "'steps: [{id: a, value: \"${steps.b}\"}, {id: b, value: \"${steps.a}\"}]' | steps[0].needs",
                "steps: [{id: a, type: chat, input: {}, map: {max: 9}}]           | steps[0].map.over",
                "steps: [{id: a, type: chat, input: {}, map: {over: x, as: steps}}] | steps[0].map.as",
                "steps: [{id: a, type: chat, input: {}, map: {over: x, max: 999}}] | steps[0].map.max",
                "steps: [{id: a, type: chat, input: {}, loop: {until: x}}]        | steps[0].loop.max",
                "steps: [{id: a, type: chat, input: {}, retry: {attempts: 0}}]    | steps[0].retry.attempts",
                "steps: [{id: a, value: 1, when: '('}]                            | steps[0].when",
                "steps: [{id: a, wait: {timeout: soon}}]                          | steps[0].wait.timeout",
                "steps: [{id: a, value: 1, map: {over: x}}]                       | steps[0].map",
                "steps: [{id: a, value: 1, budget: {tokens: 0}}]                  | steps[0].budget.tokens",
                "steps: [{id: a, value: 1, fallback: {type: song, input: {}}}]    | steps[0].fallback.type",
                "steps: [{id: a, wait: {}, fallback: {type: chat, input: {}}}]    | steps[0].fallback",
                "steps: [{id: a, value: 1, fallback: {step: b}}]                  | steps[0].fallback.step",
                "steps: [{id: a, value: 1, fallback: {step: 7}}]                  | steps[0].fallback.step",
                "steps: [{id: a, value: 1, fallback: {step: a}}]                  | steps[0].fallback.step",
                "steps: [{id: a, value: 1, fallback: {step: b, value: 1}}, {id: b, value: 1}] | steps[0].fallback.value",
                "steps: [{id: a, value: 1, fallback: {step: b}}, {id: b, value: 1, fallback: {step: a}}] | steps[0].fallback.step",
                "steps: [{id: a, value: 1, fallback: {step: b}}, {id: b, value: 1, needs: [a]}] | steps[0].fallback.step",
                "steps: [{id: a, value: 1, needs: [b], fallback: {step: b}}, {id: b, value: 1}] | steps[0].fallback.step",
                "'steps: [{id: c, value: \"${steps.a}\"}, {id: b, value: \"${steps.c}\"}, {id: a, value: 1, fallback: {step: b}}]' | steps[2].fallback.step",
                "steps: [{id: a, type: chat, input: {}, delegation: on}]          | steps[0].delegation",
                "'{\"steps\": [{\"id\": \"a\", \"value\": 1}], \"output\": \"${steps.b}\"}' | output",
                "'{\"steps\": [{\"id\": \"a\", \"value\": 1}], \"input\": 7}' | input",
                "'[1'                                                             | body",
                "just a text                                                      | body",
            })
    void whatIsWrongHasItsPlace(String yaml, String place) {
        assertThat(errors(yaml)).extracting(DefinitionError::place).contains(place);
    }

    @Test
    void whatAStepNeedsIsSaidOrFollowsFromItsTemplates() {
        Pipeline pipeline =
                valid(
                        """
                        steps:
                          - {id: c, value: "${steps.a}", needs: [b], when: "steps.d"}
                          - {id: a, value: 1}
                          - {id: b, value: 1}
                          - {id: d, value: 1}
                        """);

        assertThat(pipeline.step("c").needs()).containsExactly("a", "b", "d");
        assertThat(pipeline.steps().getLast().id()).isEqualTo("c");
    }

    @Test
    void stepsComeAfterWhatTheyStandInForAndAfterWhatStandsInForTheirNeeds() {
        Pipeline pipeline =
                valid(
                        """
                        steps:
                          - {id: d, value: "${steps.a}"}
                          - {id: c, value: 1}
                          - {id: b, value: 1, fallback: {step: c}}
                          - {id: a, value: 1, fallback: {step: b}}
                        """);

        assertThat(pipeline.steps()).extracting(Step::id).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatOnlyStandsInIsNotTheOutput() {
        Pipeline pipeline =
                valid("steps: [{id: a, value: 1, fallback: {step: b}}, {id: b, value: 2}]");

        assertThat(pipeline.output().json().asString()).isEqualTo("${steps.a}");
    }

    @Test
    void whatATaskMayDelegateIsCheckedButForItsTemplates() {
        DefinitionReader bounded =
                new DefinitionReader(
                        t -> true,
                        t -> true,
                        d -> List.of(new DefinitionError("maxTasks", d.toString())));
        String yaml =
                """
                steps:
                  - {id: a, type: chat, input: {}, delegation: {maxTasks: 99, maxDepth: "${input.depth}"}}
                """;

        assertThat(bounded.read(yaml.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        new DefinitionReader.Invalid(
                                List.of(
                                        new DefinitionError(
                                                "steps[0].delegation.maxTasks",
                                                "{\"maxTasks\":99}"))));
    }

    @Test
    void theSameFieldTwiceIsRefused() {
        assertThat(errors("steps: [{id: a, id: b, value: 1}]")).isNotEmpty();
    }

    private Pipeline valid(String yaml) {
        return ((DefinitionReader.Valid) read(yaml)).pipeline();
    }

    private List<DefinitionError> errors(String yaml) {
        return ((DefinitionReader.Invalid) read(yaml)).errors();
    }

    private DefinitionReader.Read read(String yaml) {
        return reader.read(yaml.getBytes(StandardCharsets.UTF_8));
    }
}
