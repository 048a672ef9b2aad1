package io.llmfleet.worker.backend;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.llmfleet.model.FailureCode;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

class OpenAiBackendTests {

    @RegisterExtension
    static final WireMockExtension SERVER =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final TaskTypes TYPES = TaskTypes.load(null);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void passesEveryFieldOnAndRecordsUsage() {
        SERVER.stubFor(post(CHAT).willReturn(completion("hello")));

        Answer answer =
                call(
                        "chat",
                        "{'messages':[{'role':'user','content':'hi'}],'seed':7}",
                        "{'temperature':0.5}",
                        null);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Done.class,
                        d -> {
                            assertThat(d.output().at("/choices/0/message/content").asString())
                                    .isEqualTo("hello");
                            assertThat(d.usage().inputTokens()).isEqualTo(10);
                            assertThat(d.usage().outputTokens()).isEqualTo(5);
                            assertThat(d.usage().cost())
                                    .isEqualByComparingTo(new BigDecimal("0.00002"));
                        });
        SERVER.verify(
                postRequestedFor(urlEqualTo(CHAT))
                        .withHeader("Authorization", equalTo("Bearer secret"))
                        .withRequestBody(matchingJsonPath("$.seed", equalTo("7")))
                        .withRequestBody(matchingJsonPath("$.temperature", equalTo("0.5")))
                        .withRequestBody(matchingJsonPath("$.model", equalTo("m1"))));
    }

    @Test
    void anAnswerInPiecesIsPassedOnAndGivenWhole() {
        SERVER.stubFor(
                post(CHAT)
                        .withRequestBody(matchingJsonPath("$.stream", equalTo("true")))
                        .withRequestBody(
                                matchingJsonPath("$.stream_options.include_usage", equalTo("true")))
                        .willReturn(
                                aResponse()
                                        .withHeader("Content-Type", "text/event-stream")
                                        .withBody(
                                                "data: {'model':'m1','choices':[{'index':0,'delta':{'content':'hel'}}]}\n\n"
                                                                .replace('\'', '"')
                                                        + "data: {'model':'m1','choices':[{'index':0,'delta':{'content':'lo'},'finish_reason':'stop'}]}\n\n"
                                                                .replace('\'', '"')
                                                        + "data: {'model':'m1','choices':[],'usage':{'prompt_tokens':10,'completion_tokens':5}}\n\n"
                                                                .replace('\'', '"')
                                                        + "data: [DONE]\n\n")));
        GatheredDeltas pieces = new GatheredDeltas();

        Answer answer = stream("{'messages':[{'role':'user','content':'hi'}]}", pieces);

        SERVER.verify(postRequestedFor(urlEqualTo(CHAT)).withHeader("traceparent", equalTo(TRACE)));
        assertThat(pieces.texts()).containsExactly("hel", "lo");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Done.class,
                        d -> {
                            assertThat(d.output().at("/choices/0/message/content").asString())
                                    .isEqualTo("hello");
                            assertThat(d.usage().outputTokens()).isEqualTo(5);
                        });
    }

    @Test
    void aBackendThatCannotStreamAnswersAsAWhole() {
        SERVER.stubFor(post(CHAT).willReturn(completion("hello")));
        GatheredDeltas pieces = new GatheredDeltas();

        Answer answer = stream("{'messages':[{'role':'user','content':'hi'}]}", pieces);

        assertThat(pieces.texts()).isEmpty();
        assertThat(answer).isInstanceOf(Answer.Done.class);
    }

    @Test
    void anAnswerOfNoUseSaysWhatItUsed() {
        SERVER.stubFor(
                post(CHAT)
                        .willReturn(
                                okJson(
                                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}")));

        assertThat(call("chat", "{'text':'x'}", null, null))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        f -> {
                            assertThat(f.failure().code()).isEqualTo(FailureCode.OUTPUT_INVALID);
                            assertThat(f.failure().usage().inputTokens()).isEqualTo(7);
                            assertThat(f.failure().usage().outputTokens()).isEqualTo(3);
                        });
    }

    @Test
    void modelOfTheRouteIsAskedFor() {
        SERVER.stubFor(post(CHAT).willReturn(completion("hello")));

        call("chat", "{'text':'hi'}", null, "m2");

        SERVER.verify(
                postRequestedFor(urlEqualTo(CHAT))
                        .withRequestBody(matchingJsonPath("$.model", equalTo("m2")))
                        .withRequestBody(matchingJsonPath("$.messages[0].content", equalTo("hi"))));
    }

    @Test
    void promptOfTheTypeBecomesMessages() {
        SERVER.stubFor(post(CHAT).willReturn(completion("Hallo, Welt & Co.")));

        Answer answer =
                call("translate", "{'text':'Hello, <world> & Co.','to':'German'}", null, null);

        assertThat(((Answer.Done) answer).output().get("translation").asString())
                .isEqualTo("Hallo, Welt & Co.");
        SERVER.verify(
                postRequestedFor(urlEqualTo(CHAT))
                        .withRequestBody(
                                matchingJsonPath(
                                        "$.messages[1].content",
                                        equalTo(
                                                "Translate the following text to German.\n\nHello, <world> & Co."))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"label\":\"a\"}", "```json\n{\"label\":\"a\"}\n```"})
    void structuredAnswerIsReadAlsoOutOfAFence(String content) {
        SERVER.stubFor(post(CHAT).willReturn(completion(content)));

        Answer answer = call("classify", "{'text':'x','labels':['a','b']}", null, null);

        assertThat(((Answer.Done) answer).output().get("label").asString()).isEqualTo("a");
        SERVER.verify(
                postRequestedFor(urlEqualTo(CHAT))
                        .withRequestBody(
                                matchingJsonPath(
                                        "$.response_format.json_schema.schema.required[0]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"I would say a.", "{\"best\":\"a\"}", "[]", "{\"label\":\"c\"}"})
    void answerThatBreaksItsSchemaIsInvalid(String content) {
        SERVER.stubFor(post(CHAT).willReturn(completion(content)));

        assertFailed(
                call("classify", "{'text':'x','labels':['a','b']}", null, null),
                FailureCode.OUTPUT_INVALID);
    }

    @Test
    void schemaOfTheInputIsChecked() {
        String input = "{'prompt':'x','schema':{'type':'object','required':['n']}}";
        SERVER.stubFor(post(CHAT).willReturn(completion("{\"n\":1}")));
        assertThat(
                        ((Answer.Done) call("generate", input, null, null))
                                .output()
                                .at("/json/n")
                                .asInt())
                .isEqualTo(1);

        SERVER.stubFor(post(CHAT).willReturn(completion("{\"m\":1}")));
        assertFailed(call("generate", input, null, null), FailureCode.OUTPUT_INVALID);
    }

    @Test
    void rateLimitCarriesTheWaitThatTheBackendWishes() {
        SERVER.stubFor(
                post(CHAT).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "45")));

        assertThat(call("chat", "{'text':'x'}", null, null))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        f ->
                                assertThat(f.failure().retryAfter())
                                        .isEqualTo(Duration.ofSeconds(45)));
    }

    @Test
    void answerThatDoesNotBeginInTimeIsATimeout() {
        SERVER.stubFor(post(CHAT).willReturn(completion("late").withFixedDelay(3_000)));

        Answer answer = call(Duration.ofSeconds(1), "chat", "{'text':'x'}", null, null);

        assertFailed(answer, FailureCode.CALL_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER"})
    void brokenConnectionIsRetryable(Fault fault) {
        SERVER.stubFor(post(CHAT).willReturn(aResponse().withFault(fault)));

        assertFailed(call("chat", "{'text':'x'}", null, null), FailureCode.BACKEND_UNAVAILABLE);
    }

    @Test
    void answerThatIsNoJsonIsInvalid() {
        SERVER.stubFor(post(CHAT).willReturn(aResponse().withBody("<html>")));

        assertFailed(call("chat", "{'text':'x'}", null, null), FailureCode.OUTPUT_INVALID);
    }

    @Test
    void embeddingsGoToTheirOwnEndpoint() {
        SERVER.stubFor(
                post("/v1/embeddings")
                        .willReturn(
                                okJson(
                                        "{\"data\":[{\"index\":0,\"embedding\":[0.5]}],\"model\":\"m1\"}")));

        Answer answer = call("embed", "{'text':'x'}", null, null);

        assertThat(((Answer.Done) answer).output().at("/data/0/embedding/0").asDouble())
                .isEqualTo(0.5);
        SERVER.verify(
                postRequestedFor(urlEqualTo("/v1/embeddings"))
                        .withRequestBody(matchingJsonPath("$.input", equalTo("x"))));
    }

    private static void assertFailed(Answer answer, FailureCode code) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Failed.class, f -> assertThat(f.failure().code()).isEqualTo(code));
    }

    private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder completion(
            String content) {
        return okJson(
                Json.write(
                        Map.of(
                                "model",
                                "m1",
                                "choices",
                                List.of(
                                        Map.of(
                                                "index",
                                                0,
                                                "message",
                                                Map.of("role", "assistant", "content", content))),
                                "usage",
                                Map.of("prompt_tokens", 10, "completion_tokens", 5))));
    }

    private static Answer call(
            String type, String input, @Nullable String parameters, @Nullable String model) {
        return call(Duration.ofSeconds(20), type, input, parameters, model);
    }

    private static Answer call(
            Duration firstByteLimit,
            String type,
            String input,
            @Nullable String parameters,
            @Nullable String model) {
        return backend(firstByteLimit)
                .call(
                        new Call(
                                UUID.randomUUID(),
                                1,
                                1,
                                TYPES.find(type).orElseThrow(),
                                json(input),
                                parameters == null ? null : json(parameters),
                                model,
                                Duration.ofSeconds(30)));
    }

    private static Answer stream(String input, GatheredDeltas pieces) {
        return backend(Duration.ofSeconds(20))
                .call(
                        new Call(
                                UUID.randomUUID(),
                                1,
                                1,
                                TYPES.find("chat").orElseThrow(),
                                json(input),
                                null,
                                null,
                                Duration.ofSeconds(30),
                                () -> false,
                                pieces,
                                TRACE));
    }

    private static OpenAiBackend backend(Duration firstByteLimit) {
        return new OpenAiBackend(
                new BackendProperties.Endpoint(
                        "test",
                        URI.create(SERVER.baseUrl() + "/v1"),
                        "secret",
                        List.of("m1", "m2"),
                        Map.of(),
                        Map.of("m1.input", "1", "m1.output", "2"),
                        Duration.ofSeconds(10),
                        firstByteLimit,
                        Set.of(),
                        DataSize.ofMegabytes(1)),
                TYPES);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
