package io.llmfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTextTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"position\":3}                                     | position 3",
                "{\"position\":10001,\"atLeast\":true}                | position 10001 or later",
                "{\"position\":1,\"expectedStart\":\"2026-03-01T12:00:00Z\"}"
                        + " | position 1, may start at 2026-03-01T12:00:00Z",
            })
    void saysWhereATaskIsInLine(String queue, String text) {
        assertThat(TaskText.place(Json.MAPPER.readTree(queue))).isEqualTo(text);
    }

    @Test
    void showsThePlaceAmongTheDetailsOfATaskThatWaits() {
        assertThat(TaskText.details(Json.MAPPER.readTree("{\"queue\":{\"position\":2}}")))
                .contains("queue     position 2");
        assertThat(TaskText.details(Json.MAPPER.readTree("{}"))).doesNotContain("queue");
    }
}
