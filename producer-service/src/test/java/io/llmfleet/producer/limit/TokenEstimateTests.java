package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TurnOptions;
import io.llmfleet.producer.task.WebhookKind;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TokenEstimateTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                          |                      | 0    | 1",
                "{}                                          |                      | 4000 | 1001",
                "{'max_tokens':50}                           |                      | 40   | 61",
                "{'max_completion_tokens':50,'max_tokens':9} |                      | 0    | 51",
                "{'max_output_tokens':7}                     |                      | 0    | 8",
                "{'max_tokens':50,'n':3}                     |                      | 0    | 151",
                "{'n':3}                                     |                      | 0    | 1",
                "{}                                          | {'max_tokens':5}     | 0    | 6",
                "{'max_tokens':4}                            | {'max_tokens':5}     | 0    | 5",
                "{'max_tokens':'many'}                       |                      | 0    | 1",
                "{'max_tokens':-5}                           |                      | 0    | 1",
                "{'max_tokens':1e99}                         |                      | 0    | 1",
                "{'max_tokens':99999999999}                  |                      | 0    | 1",
                "{'max_tokens':2147483647,'n':2147483647}    |                      | 0    | 274877906817",
            })
    void countsAFourthOfTheBytesAndTheLongestAnswer(
            String input, String parameters, int bytes, long tokens) {
        NewTask task = task(json(input), parameters == null ? null : json(parameters));

        assertThat(TokenEstimate.of(task, bytes)).isEqualTo(tokens);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static NewTask task(JsonNode input, JsonNode parameters) {
        return new NewTask(
                new UUID(0, 1),
                "acme",
                null,
                "chat",
                "any",
                Priority.NORMAL,
                input,
                parameters,
                Instant.EPOCH,
                Duration.ofMinutes(1),
                null,
                TurnOptions.DEFAULT,
                Map.of(),
                null,
                WebhookKind.TASK,
                null,
                null,
                "trace",
                null);
    }
}
