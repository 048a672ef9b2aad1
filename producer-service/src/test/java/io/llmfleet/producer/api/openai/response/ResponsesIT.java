package io.llmfleet.producer.api.openai.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.inputitems.InputItemListParams;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What OpenAI's own client gets of responses; this test plays the worker. */
class ResponsesIT {

    private static final String RESPONSES = "/v1/responses";

    private static ProducerUnderTest producer;
    private static Worker worker;
    private static OpenAIClient client;
    private final UUID start = Ids.newId();
    private final Set<UUID> seen = new HashSet<>();

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        worker = new Worker(producer);
        client = client(ProducerUnderTest.ADMIN);
        producer.announceWorker(Worker.MODEL);
    }

    @AfterAll
    static void stop() {
        client.close();
        producer.close();
    }

    @Test
    void isAChatWhoseAnswerIsItsOutput() {
        CompletableFuture<Response> answer =
                call(
                        () ->
                                client.responses()
                                        .create(
                                                say("What is a queue?")
                                                        .instructions("Be short.")
                                                        .temperature(0.5)
                                                        .maxOutputTokens(50)
                                                        .metadata(metadata("shop", "42"))
                                                        .build()));
        UUID id = nextTask();
        GetResponse message = producer.takeTask(id);
        JsonNode chat = Json.tree(message.getBody()).path("input");
        assertThat(chat.at("/messages/0/role").asString()).isEqualTo("system");
        assertThat(chat.at("/messages/0/content").asString()).isEqualTo("Be short.");
        assertThat(chat.at("/messages/1/content").asString()).isEqualTo("What is a queue?");
        assertThat(chat.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(chat.path("max_tokens").asInt()).isEqualTo(50);

        worker.succeed(routed(message), 0, Worker.completion("A line.", "stop"));
        Response done = answer.join().validate();
        assertThat(done.id()).isEqualTo("resp_" + id);
        assertThat(done.status()).contains(ResponseStatus.COMPLETED);
        assertThat(text(done)).isEqualTo("A line.");
        assertThat(done.instructions().orElseThrow().asString()).isEqualTo("Be short.");
        assertThat(done.maxOutputTokens()).contains(50L);
        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(8);
        assertThat(done.metadata().orElseThrow()._additionalProperties().get("shop"))
                .isEqualTo(JsonValue.from("42"));
        assertThat(task(id).at("/metadata/shop").asString()).isEqualTo("42");
        assertThat(client.responses().retrieve(done.id()).validate()).isEqualTo(done);
    }

    @Test
    void inBackgroundItIsAnsweredAtOnceAndGoesOn() {
        Response begun = background("hello");
        assertThat(begun.validate().status()).contains(ResponseStatus.QUEUED);
        assertThat(begun.background()).contains(true);
        UUID id = task(begun);
        assertThat(Instant.parse(task(id).path("deadline").asString()))
                .isAfter(Instant.now().plus(Duration.ofHours(23)));

        worker.succeed(worker.take(id), 0, Worker.completion("Hello", "stop"));

        await().until(
                        () -> client.responses().retrieve(begun.id()).status(),
                        s -> s.equals(Optional.of(ResponseStatus.COMPLETED)));
        assertThat(text(client.responses().retrieve(begun.id()))).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource({"length, max_output_tokens", "content_filter, content_filter"})
    void whatWasCutOffIsIncomplete(String finishReason, String reason) {
        Response begun = background("hello");
        worker.succeed(worker.take(task(begun)), 0, Worker.completion("Hello, wor", finishReason));

        Response done = ended(begun);
        assertThat(done.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(done.incompleteDetails().orElseThrow().reason().orElseThrow().asString())
                .isEqualTo(reason);
        assertThat(text(done)).isEqualTo("Hello, wor");
    }

    @Test
    void callsFunctionsAndTakesTheirOutputs() {
        CompletableFuture<Response> answer =
                call(
                        () ->
                                client.responses()
                                        .create(
                                                say("Weather in Bern?")
                                                        .addTool(
                                                                FunctionTool.builder()
                                                                        .name("weather")
                                                                        .parameters(
                                                                                FunctionTool
                                                                                        .Parameters
                                                                                        .builder()
                                                                                        .build())
                                                                        .strict(true)
                                                                        .build())
                                                        .build()));
        UUID id = nextTask();
        GetResponse message = producer.takeTask(id);
        JsonNode chat = Json.tree(message.getBody()).path("input");
        assertThat(chat.at("/tools/0/function/name").asString()).isEqualTo("weather");
        assertThat(chat.at("/tools/0/function/strict").asBoolean()).isTrue();
        worker.succeed(
                routed(message),
                0,
                "{'choices':[{'index':0,'message':{'role':'assistant','content':null,'tool_calls':[{'id':'c1',"
                        + "'type':'function','function':{'name':'weather','arguments':'{}'}}]},"
                        + "'finish_reason':'tool_calls'}]}");

        Response done = answer.join().validate();
        ResponseFunctionToolCall called = done.output().getFirst().asFunctionCall();
        assertThat(called.callId()).isEqualTo("c1");
        assertThat(called.name()).isEqualTo("weather");
        assertThat(done.status()).contains(ResponseStatus.COMPLETED);

        String next =
                """
                {"model": "model-it", "background": true, "previous_response_id": "%s",
                 "input": [{"type": "function_call_output", "call_id": "c1", "output": "rain"}]}
                """;
        UUID second = responseTask(producer.post(RESPONSES, next.formatted(done.id())));
        JsonNode messages = Json.tree(producer.takeTask(second).getBody()).at("/input/messages");
        assertThat(messages.valueStream().map(m -> m.path("role").asString()))
                .containsExactly("user", "assistant", "tool");
        assertThat(messages.at("/1/tool_calls/0/id").asString()).isEqualTo("c1");
        assertThat(messages.at("/2/tool_call_id").asString()).isEqualTo("c1");
        assertThat(messages.at("/2/content").asString()).isEqualTo("rain");
    }

    @Test
    void goesOnAfterAnEarlierResponseWithoutItsInstructions() {
        Response first =
                client.responses()
                        .create(say("One").instructions("In French.").background(true).build());
        worker.succeed(worker.take(task(first)), 0, Worker.completion("Un", "stop"));
        ended(first);

        Response second =
                client.responses()
                        .create(
                                say("Two")
                                        .instructions("In German.")
                                        .previousResponseId(first.id())
                                        .background(true)
                                        .build());

        assertThat(second.previousResponseId()).contains(first.id());
        JsonNode messages =
                Json.tree(producer.takeTask(task(second)).getBody()).at("/input/messages");
        assertThat(messages.valueStream().map(m -> m.path("content").asString()))
                .containsExactly("In German.", "One", "Un", "Two");
    }

    @Test
    void doesNotGoOnAfterOneThatIsNotCompletedOrAnotherTenants() {
        Response first = background("One");

        assertThatThrownBy(() -> after(client, first))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> {
                            assertThat(e.param()).contains("previous_response_id");
                            assertThat(e.getMessage()).contains("completed");
                        });
        OpenAIClient stranger = client(producer.newKey("stranger-one", "user"));
        assertThatThrownBy(() -> after(stranger, first))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.code()).contains("previous_response_not_found"));
        stranger.close();
    }

    @Test
    void asksForAnAnswerThatFitsASchema() {
        UUID id =
                responseTask(
                        producer.post(
                                RESPONSES,
                                """
                                {"model": "model-it", "background": true, "input": "a person",
                                 "text": {"format": {"type": "json_schema", "name": "person", "strict": true,
                                    "schema": {"type": "object"}}}, "reasoning": {"effort": "low"}}
                                """));

        JsonNode chat = Json.tree(producer.takeTask(id).getBody()).path("input");
        assertThat(chat.at("/response_format/json_schema/name").asString()).isEqualTo("person");
        assertThat(chat.at("/response_format/json_schema/schema/type").asString())
                .isEqualTo("object");
        assertThat(chat.path("reasoning_effort").asString()).isEqualTo("low");
    }

    @Test
    void aFailureIsAStatusForWhoWaitsAndAnErrorForWhoAsksLater() {
        CompletableFuture<Response> answer =
                call(() -> client.responses().create(say("hello").build()));
        worker.fail(worker.take(nextTask()), FailureCode.BACKEND_UNAVAILABLE);
        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(InternalServerException.class)
                .cause()
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> assertThat(e.code()).contains("backend_unavailable"));

        Response begun = background("hello");
        worker.fail(worker.take(task(begun)), FailureCode.RATE_LIMITED);
        Response failed = ended(begun).validate();
        assertThat(failed.status()).contains(ResponseStatus.FAILED);
        assertThat(failed.error().orElseThrow().code().asString()).isEqualTo("rate_limit_exceeded");
        assertThat(failed.error().orElseThrow().message()).contains("on purpose");
    }

    @Test
    void onlyWhatRunsInBackgroundIsCancelled() {
        Response begun = background("hello");
        assertThat(client.responses().cancel(begun.id()).validate().status())
                .contains(ResponseStatus.CANCELLED);
        assertThat(client.responses().cancel(begun.id()).status())
                .contains(ResponseStatus.CANCELLED);

        CompletableFuture<Response> waited =
                call(() -> client.responses().create(say("hello").build()));
        UUID id = nextTask();
        assertThatThrownBy(() -> client.responses().cancel("resp_" + id))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("background");
        worker.succeed(worker.take(id), 0, Worker.completion("Hello", "stop"));
        assertThat(text(waited.join())).isEqualTo("Hello");
    }

    @Test
    void whatIsDeletedIsGoneWithItsTexts() {
        Response begun = background("a secret question");

        Answer deleted =
                producer.request(
                        ProducerUnderTest.ADMIN,
                        "DELETE",
                        RESPONSES + "/" + begun.id(),
                        null,
                        Map.of());

        assertThat(deleted.json().path("object").asString()).isEqualTo("response");
        assertThat(deleted.json().path("deleted").asBoolean()).isTrue();
        assertThat(task(task(begun)).path("state").asString()).isEqualTo("CANCELLED");
        assertThatThrownBy(() -> client.responses().retrieve(begun.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.responses().inputItems().list(begun.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void isGoneWithItsTask() {
        Response begun = background("a secret question");

        producer.request(
                ProducerUnderTest.ADMIN, "DELETE", "/api/v1/tasks/" + task(begun), null, Map.of());

        assertThatThrownBy(() -> client.responses().retrieve(begun.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void anotherTenantsIsNotFound() {
        Response begun = background("hello");
        OpenAIClient stranger = client(producer.newKey("stranger", "user"));

        assertThatThrownBy(() -> stranger.responses().retrieve(begun.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.responses().cancel(begun.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.responses().delete(begun.id()))
                .isInstanceOf(NotFoundException.class);
        assertThat(client.responses().retrieve(begun.id()).status())
                .contains(ResponseStatus.QUEUED);
        stranger.close();
    }

    @Test
    void whatIsNotStoredIsNotFoundAfterwards() {
        CompletableFuture<Response> answer =
                call(() -> client.responses().create(say("hello").store(false).build()));
        worker.succeed(worker.take(nextTask()), 0, Worker.completion("Hello", "stop"));

        Response done = answer.join();
        assertThat(text(done)).isEqualTo("Hello");
        assertThatThrownBy(() -> client.responses().retrieve(done.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void listsItsInputPageByPage() {
        String input =
                """
                {"model": "model-it", "background": true, "input": [
                    {"role": "user", "content": "Weather?"},
                    {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
                    {"type": "function_call_output", "call_id": "c1", "output": "rain"},
                    {"role": "assistant", "content": "It rains."},
                    {"role": "user", "content": [{"type": "input_text", "text": "Thanks."}]}]}
                """;
        String id = producer.post(RESPONSES, input).json().path("id").asString();

        List<ResponseItem> items =
                client
                        .responses()
                        .inputItems()
                        .list(
                                id,
                                InputItemListParams.builder()
                                        .order(InputItemListParams.Order.ASC)
                                        .limit(2)
                                        .build())
                        .autoPager()
                        .stream()
                        .map(ResponseItem::validate)
                        .toList();

        assertThat(items).hasSize(5);
        assertThat(
                        items.get(0)
                                .asResponseInputMessageItem()
                                .content()
                                .getFirst()
                                .asInputText()
                                .text())
                .isEqualTo("Weather?");
        assertThat(items.get(1).asFunctionCall().name()).isEqualTo("weather");
        assertThat(items.get(2).asFunctionCallOutput().callId()).contains("c1");
        assertThat(items.get(3).isResponseOutputMessage()).isTrue();
        assertThat(
                        client.responses()
                                .inputItems()
                                .list(id)
                                .items()
                                .getFirst()
                                .asResponseInputMessageItem()
                                .content()
                                .getFirst()
                                .asInputText()
                                .text())
                .isEqualTo("Thanks.");
    }

    @Test
    void theSameRequestWithAKeyIsTheSameResponse() {
        Map<String, String> key = Map.of("Idempotency-Key", "once-" + UUID.randomUUID());
        String body = "{\"model\":\"model-it\",\"background\":true,\"input\":\"hello\"}";
        Answer first = keyed(key, body);
        Answer again = keyed(key, body);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(keyed(key, body.replace("hello", "bye")).status()).isEqualTo(422);
        assertThat(client.responses().retrieve(first.json().path("id").asString()).status())
                .contains(ResponseStatus.QUEUED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}                                                                        | 400 | model                | null",
                "{\"model\":\"model-it\"}                                                  | 400 | input                | invalid_value",
                "{\"model\":\"model-it\",\"input\":[]}                                     | 400 | input                | invalid_value",
                "{\"model\":\"model-it\",\"input\":[{\"type\":\"computer_call\"}]}         | 400 | input[0].type        | unsupported",
                "{\"model\":\"model-it\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}]} | 400 | input[0].content[0].type | unsupported",
                "{\"model\":\"model-it\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]} | 400 | tools[0].type   | unsupported",
                "{\"model\":\"model-it\",\"input\":\"x\",\"conversation\":\"conv_1\"}      | 400 | conversation         | unsupported",
                "{\"model\":\"model-it\",\"input\":\"x\",\"background\":true,\"store\":false} | 400 | store             | invalid_value",
                "{\"model\":\"model-it\",\"input\":\"x\",\"webhook\":\"ftp://x\"}          | 400 | webhook              | invalid_value",
                "{\"model\":\"model-it\",\"input\":\"x\",\"metadata\":{\"a\":1}}           | 400 | metadata.a           | invalid_value",
                "{\"model\":\"model-it\",\"input\":\"x\",\"previous_response_id\":\"resp_1\"} | 400 | previous_response_id | previous_response_not_found",
                "{\"model\":\"gpt-9\",\"input\":\"x\"}                                     | 404 | model                | model_not_found",
            })
    void whatIsWrongIsNamed(String body, int status, String param, String code) {
        Answer answer = producer.post(RESPONSES, body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        JsonNode error = answer.json().path("error");
        assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
        assertThat(error.path("param").asString("null")).isEqualTo(param);
        assertThat(error.path("code").asString("null")).isEqualTo(code);
    }

    private static Answer keyed(Map<String, String> key, String body) {
        return producer.request(
                ProducerUnderTest.ADMIN,
                "POST",
                RESPONSES,
                body.getBytes(StandardCharsets.UTF_8),
                key);
    }

    private static Response after(OpenAIClient by, Response first) {
        return by.responses().create(say("Two").previousResponseId(first.id()).build());
    }

    private static ResponseCreateParams.Builder say(String input) {
        return ResponseCreateParams.builder().model(Worker.MODEL).input(input);
    }

    private static ResponseCreateParams.Metadata metadata(String key, String value) {
        return ResponseCreateParams.Metadata.builder()
                .putAdditionalProperty(key, JsonValue.from(value))
                .build();
    }

    private static Response background(String input) {
        return client.responses().create(say(input).background(true).build());
    }

    private static Response ended(Response begun) {
        return await().until(
                        () -> client.responses().retrieve(begun.id()),
                        r ->
                                !Set.of(ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS)
                                        .contains(r.status().orElseThrow()));
    }

    private static UUID responseTask(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return UUID.fromString(answer.json().path("id").asString().substring("resp_".length()));
    }

    private static UUID task(Response response) {
        return UUID.fromString(response.id().substring("resp_".length()));
    }

    private static JsonNode task(UUID id) {
        return producer.get("/api/v1/tasks/" + id).json();
    }

    private static String text(Response response) {
        return response.output().stream()
                .filter(ResponseOutputItem::isMessage)
                .flatMap(o -> o.asMessage().content().stream())
                .map(c -> c.asOutputText().text())
                .collect(Collectors.joining());
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(producer.url() + "/v1")
                .maxRetries(0)
                .build();
    }

    private static Envelope routed(GetResponse message) {
        return ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it");
    }

    /** The task that came since the last call. */
    private UUID nextTask() {
        return await().until(
                        () ->
                                producer.get("/api/v1/tasks?state=QUEUED&limit=50")
                                        .json()
                                        .path("items")
                                        .valueStream()
                                        .map(t -> UUID.fromString(t.path("id").asString()))
                                        .filter(id -> id.compareTo(start) > 0 && !seen.contains(id))
                                        .toList(),
                        fresh -> fresh.size() == 1 && seen.addAll(fresh))
                .getFirst();
    }

    private static <T> CompletableFuture<T> call(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, Executors.newVirtualThreadPerTaskExecutor());
    }
}
