package io.llmfleet.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskRequestTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    chat      | Hello.                                      | {"type":"chat","input":{"text":"Hello."}}
                    generate  | Say hello.                                  | {"type":"generate","input":{"prompt":"Say hello."}}
                    summarize | 42                                          | {"type":"summarize","input":{"text":"42"}}
                    summarize | [1] is a footnote                           | {"type":"summarize","input":{"text":"[1] is a footnote"}}
                    chat      | {"messages":[]}                             | {"type":"chat","input":{"messages":[]}}
                    chat      | {"type":"chat","input":{},"priority":"low"} | {"type":"chat","input":{},"priority":"low"}
                    extract   | {"type":"invoice"}                          | {"type":"extract","input":{"type":"invoice"}}
                    """)
    void makesATaskOfATextAnInputOrAWholeTask(String type, String content, String task) {
        assertThat(TaskRequest.of(type, content)).isEqualTo(Json.MAPPER.readTree(task));
    }

    @Test
    void leavesOutWhatSurroundsATextInAFile() {
        assertThat(TaskRequest.of("chat", "\n Hello. \n").at("/input/text").asString())
                .isEqualTo("Hello.");
    }

    @Test
    void refusesATaskOfAnotherType() {
        assertUsage("chat", "{\"type\": \"embed\", \"input\": {}}", "'embed', not 'chat'");
    }

    @Test
    void refusesWhatLooksLikeJsonAndIsNone() {
        assertUsage("chat", "{\"text\": ", "the input is no JSON");
    }

    @Test
    void refusesNothing() {
        assertUsage("chat", " \n", "the input is empty");
    }

    private static void assertUsage(String type, String content, String message) {
        assertThatThrownBy(() -> TaskRequest.of(type, content))
                .isInstanceOfSatisfying(
                        FleetException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(FleetException.USAGE))
                .hasMessageContaining(message);
    }
}
