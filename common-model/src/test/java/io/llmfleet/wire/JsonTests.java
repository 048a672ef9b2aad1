package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\": secret}",
                "{\"input\": \"secret",
                "{\"input\": 'secret'}",
                "{\"kind\": \"a\", \"epoch\": \"secret \\\"in' marks\\\" is it\"}",
                "{\"kind\": \"a\", \"taskId\": \"secret\"}",
                "{\"kind\": \"a\", \"at\": \"it's secret\"}",
                "{\"kind\": {\"secret\": \"secret\"}}",
                "\"secret\"",
                "secret",
                "7 secret",
            })
    void theReasonWhyItIsNoEventQuotesNothing(String json) {
        JacksonException thrown =
                catchThrowableOfType(
                        JacksonException.class, () -> Json.MAPPER.readValue(json, Event.class));
        UnreadableMessageException told =
                catchThrowableOfType(
                        UnreadableMessageException.class,
                        () -> Json.read(json.getBytes(StandardCharsets.UTF_8), Event.class));

        if (thrown != null) {
            assertThat(Json.reason(thrown)).doesNotContain("secret").contains("line 1");
            assertThat(told.getMessage()).doesNotContain("secret");
        }
    }
}
