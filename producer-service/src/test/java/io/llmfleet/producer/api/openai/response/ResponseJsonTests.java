package io.llmfleet.producer.api.openai.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a response looks like; JSON is written with single quotes. */
class ResponseJsonTests {

    private static final ObjectNode REQUEST = object("{'model':'gpt-4o','input':'x'}");

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, queued",
        "QUEUED,   queued",
        "ROUTED,   queued",
        "RUNNING,  in_progress",
        "RETRYING, in_progress",
    })
    void isNotDoneWhileItsTaskIsNot(TaskState state, String status) {
        ObjectNode response = ResponseJson.of(FinishedChats.task(state, 1, null, null), REQUEST);

        assertThat(response.path("status").asString()).isEqualTo(status);
        assertThat(response.path("model").asString()).isEqualTo("gpt-4o");
        assertThat(response.path("output")).isEmpty();
        assertThat(response.path("usage").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED,    BACKEND_ERROR,     failed,    server_error",
        "FAILED,    RATE_LIMITED,      failed,    rate_limit_exceeded",
        "FAILED,    INVALID_INPUT,     failed,    invalid_prompt",
        "EXPIRED,   DEADLINE_EXCEEDED, failed,    server_error",
        "CANCELLED, CANCELLED,         cancelled, null",
    })
    void saysWhyItFailed(TaskState state, FailureCode code, String status, String error) {
        ObjectNode response = ResponseJson.of(FinishedChats.failed(state, code), REQUEST);

        assertThat(response.path("status").asString()).isEqualTo(status);
        assertThat(response.at("/error/code").asString("null")).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({
        "stop,           completed,  null",
        "tool_calls,     completed,  null",
        "length,         incomplete, max_output_tokens",
        "content_filter, incomplete, content_filter",
    })
    void isIncompleteWhereTheChatWasCutOff(String finishReason, String status, String reason) {
        ObjectNode response = ResponseJson.of(FinishedChats.saying("Hello", finishReason), REQUEST);

        assertThat(response.path("status").asString()).isEqualTo(status);
        assertThat(response.at("/output/0/status").asString()).isEqualTo(status);
        assertThat(response.at("/incomplete_details/reason").asString("null")).isEqualTo(reason);
        assertThat(response.path("completed_at").isNull()).isEqualTo(status.equals("incomplete"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'content':'a'}                    | ['output_text']    | ['message']",
                "{'content':''}                     | ['output_text']    | ['message']",
                "{'content':null,'refusal':'no'}    | ['refusal']        | ['message']",
                "{'content':'a','refusal':'no'}     | ['output_text','refusal'] | ['message']",
                "{'content':null,'tool_calls':[{'id':'c','function':{'name':'f','arguments':'1'}}]} | [] | ['function_call']",
                "{'content':'a','tool_calls':[{'id':'c','function':{'name':'f','arguments':'1'}}]} | ['output_text'] | ['message','function_call']",
            })
    void hasWhatWasSaidAsItems(String message, String parts, String items) {
        JsonNode output =
                ResponseJson.of(FinishedChats.done(json(message), "stop", 1), REQUEST)
                        .path("output");

        assertThat(types(output)).isEqualTo(json(items));
        assertThat(types(output.at("/0/content"))).isEqualTo(json(parts));
    }

    @Test
    void saysWhatWasAskedForAndWhatHeldOtherwise() {
        ObjectNode request =
                object(
                        "{'model':'m','input':'x','temperature':0.1,'text':{'verbosity':'low'},'store':false,"
                                + "'tools':[{'type':'function','name':'f'}],'metadata':{'a':'b'}}");
        ObjectNode response = ResponseJson.of(FinishedChats.saying("Hello", "stop"), request);

        assertThat(response.path("temperature").asDouble()).isEqualTo(0.1);
        assertThat(response.path("top_p").asDouble()).isEqualTo(1.0);
        assertThat(response.path("store").asBoolean()).isFalse();
        assertThat(response.at("/text/verbosity").asString()).isEqualTo("low");
        assertThat(response.at("/text/format/type").asString()).isEqualTo("text");
        assertThat(response.at("/tools/0/strict").asBoolean()).isFalse();
        assertThat(response.at("/metadata/a").asString()).isEqualTo("b");
        assertThat(response.path("truncation").asString()).isEqualTo("disabled");
        assertThat(request.at("/tools/0").has("strict")).isFalse();
    }

    private static JsonNode types(JsonNode all) {
        var types = Json.MAPPER.createArrayNode();
        all.forEach(one -> types.add(one.path("type")));
        return types;
    }

    private static ObjectNode object(String text) {
        return (ObjectNode) json(text);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
