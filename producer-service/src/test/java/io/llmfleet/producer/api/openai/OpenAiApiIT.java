package io.llmfleet.producer.api.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Result;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What OpenAI's own client gets; this test plays the worker. */
class OpenAiApiIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String RAW =
            "{\"model\":\"model-it\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String RAW_STREAM =
            RAW.replace("{\"model\"", "{\"stream\":true,\"model\"");

    private static ProducerUnderTest producer;
    private static Worker worker;
    private static OpenAIClient client;
    private final Set<UUID> seen = new HashSet<>();

    @BeforeAll
    static void start() {
        producer =
                ProducerUnderTest.start(
                        "--fleet.openai.aliases=gpt-4o=model-it,local/qwen=model-it",
                        "--fleet.openai.embedding-inputs=2");
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
    void listsModelsOfWorkersAndAliases() {
        await().untilAsserted(
                        () -> {
                            producer.announceWorker(Worker.MODEL);
                            assertThat(client.models().list().data().stream().map(Model::id))
                                    .containsExactly("gpt-4o", "local/qwen", Worker.MODEL);
                            assertThat(client.models().retrieve("gpt-4o").ownedBy())
                                    .contains(Worker.MODEL);
                        });
        assertThatThrownBy(() -> client.models().retrieve("gpt-9"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("gpt-4o");
    }

    @Test
    void passesAChatOnAsItCameAndAnswersWithWhatTheBackendSaid() {
        CompletableFuture<ChatCompletion> answer =
                call(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(
                                                chat("gpt-4o")
                                                        .temperature(0.5)
                                                        .putAdditionalBodyProperty(
                                                                "tools",
                                                                JsonValue.from(
                                                                        List.of(
                                                                                Map.of(
                                                                                        "type",
                                                                                        "function",
                                                                                        "function",
                                                                                        Map.of(
                                                                                                "name",
                                                                                                "look")))))
                                                        .putAdditionalBodyProperty(
                                                                "unheard_of", JsonValue.from(7))
                                                        .build()));
        UUID id = nextTask();
        GetResponse message = producer.takeTask(id);
        Envelope task = ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it");
        JsonNode input = Json.tree(message.getBody()).path("input");
        assertThat(task.target()).isEqualTo(Worker.MODEL);
        assertThat(input.at("/messages/0/content").asString()).isEqualTo("Say hello");
        assertThat(input.at("/tools/0/function/name").asString()).isEqualTo("look");
        assertThat(input.path("unheard_of").asInt()).isEqualTo(7);

        succeed(
                task,
                0,
                "{'choices':[{'index':0,'message':{'role':'assistant','content':null,'tool_calls':[{'id':'c1',"
                        + "'type':'function','function':{'name':'look','arguments':'{}'}}]},"
                        + "'finish_reason':'tool_calls'}],'system_fingerprint':'fp'}");

        ChatCompletion done = answer.join();
        assertThat(done.id()).isEqualTo("chatcmpl-" + id);
        assertThat(done.created()).isPositive();
        assertThat(done.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
        assertThat(
                        done.choices()
                                .getFirst()
                                .message()
                                .toolCalls()
                                .orElseThrow()
                                .getFirst()
                                .asFunction()
                                .function()
                                .name())
                .isEqualTo("look");
        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(8);
    }

    @Test
    void keepsEveryCharacterAndRefusesHalves() {
        String text = "nul \0, escape \u001b, tab \t, " + "😀".repeat(262_144);
        CompletableFuture<ChatCompletion> answer =
                call(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(
                                                ChatCompletionCreateParams.builder()
                                                        .model(Worker.MODEL)
                                                        .addUserMessage(text)
                                                        .build()));
        GetResponse message = producer.takeTask(nextTask());
        Envelope task = ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it");
        assertThat(
                        Json.tree(message.getBody())
                                .at("/input/messages/0/content")
                                .asString()
                                .equals(text))
                .isTrue();
        succeed(task, 0, completion("a\\u0000b 😀"));
        assertThat(answer.join().choices().getFirst().message().content()).contains("a\0b 😀");

        Answer half = producer.post(CHAT, RAW.replace("hello", "half \\ud83d of it"));
        assertThat(half.status()).isEqualTo(400);
        assertThat(half.json().at("/error/param").asString()).isEqualTo("messages.0.content");
        assertThat(half.json().at("/error/message").asString()).contains("lone surrogate");
    }

    @Test
    void streamsTextAsItIsMade() {
        CompletableFuture<List<ChatCompletionChunk>> answer =
                call(
                        () -> {
                            ChatCompletionCreateParams params =
                                    chat(Worker.MODEL)
                                            .streamOptions(
                                                    ChatCompletionStreamOptions.builder()
                                                            .includeUsage(true)
                                                            .build())
                                            .build();
                            try (StreamResponse<ChatCompletionChunk> stream =
                                    client.chat().completions().createStreaming(params)) {
                                return stream.stream().toList();
                            }
                        });
        Envelope task = worker.take(nextTask());
        say(task, 1, "Hel");
        say(task, 2, "lo");
        succeed(task, 2, completion("Hello"));

        List<ChatCompletionChunk> chunks = answer.join();
        assertThat(text(chunks)).isEqualTo("Hello");
        assertThat(chunks)
                .extracting(ChatCompletionChunk::id)
                .containsOnly("chatcmpl-" + task.taskId());
        assertThat(chunks.getFirst().choices().getFirst().delta().role().orElseThrow().asString())
                .isEqualTo("assistant");
        assertThat(
                        chunks.get(chunks.size() - 2)
                                .choices()
                                .getFirst()
                                .finishReason()
                                .orElseThrow()
                                .asString())
                .isEqualTo("stop");
        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(5);
    }

    @Test
    void aStreamGoesOnInAnotherAttemptThatBeginsWithTheSameWords() {
        CompletableFuture<List<ChatCompletionChunk>> answer = stream();
        Envelope first = worker.take(nextTask());
        say(first, 1, "Hello, wor");
        Envelope second = again(first);
        say(second, 1, "Hello");
        say(second, 2, ", world");
        succeed(second, 2, completion("Hello, world"));

        assertThat(text(answer.join())).isEqualTo("Hello, world");
    }

    @Test
    void aStreamWhosePiecesWereLostHasThemInTheEnd() {
        CompletableFuture<List<ChatCompletionChunk>> answer = stream();
        Envelope task = worker.take(nextTask());
        say(task, 1, "Hel");
        say(task, 3, "world");
        succeed(task, 3, completion("Hello, world"));

        assertThat(text(answer.join())).isEqualTo("Hello, world");
    }

    @Test
    void aStreamWhoseNextAttemptSaysSomethingElseFailsAndItsTaskIsCancelled() {
        CompletableFuture<List<ChatCompletionChunk>> answer = stream();
        Envelope first = worker.take(nextTask());
        say(first, 1, "Hello");
        say(again(first), 1, "Good day");

        assertThatThrownBy(answer::join).hasMessageContaining("other words");
        await().until(() -> state(first.taskId()).equals("CANCELLED"));
    }

    @Test
    void aFailureBeforeTheFirstPieceHasAStatus() {
        CompletableFuture<List<ChatCompletionChunk>> answer = stream();
        worker.fail(worker.take(nextTask()), FailureCode.UNSUPPORTED);

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(BadRequestException.class)
                .hasMessageContaining("it failed on purpose");
    }

    @Test
    void aTaskWhoseReaderIsGoneIsCancelled() {
        CompletableFuture<Events> open = call(() -> producer.stream(CHAT, RAW_STREAM, Map.of()));
        Envelope task = worker.take(nextTask());
        say(task, 1, "Hello");
        open.join().first(1);
        open.join().close();

        AtomicInteger seq = new AtomicInteger(1);
        await().until(
                        () -> {
                            say(task, seq.incrementAndGet(), "!");
                            return state(task.taskId()).equals("CANCELLED");
                        });
    }

    @Test
    void aTaskWhoseReaderMayComeBackGoesOn() {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        CompletableFuture<Events> open = call(() -> producer.stream(CHAT, RAW_STREAM, key));
        Envelope task = worker.take(nextTask());
        say(task, 1, "Hello");
        open.join().first(1);
        open.join().close();
        say(task, 2, ", wor");
        succeed(task, 3, completion("Hello, world"));
        say(task, 3, "ld");
        await().until(() -> state(task.taskId()).equals("SUCCEEDED"));

        try (Events again = producer.stream(CHAT, RAW_STREAM, key)) {
            assertThat(again.untilEnd().getLast().data()).isEqualTo("[DONE]");
            assertThat(
                            again.all().stream()
                                    .filter(e -> e.data().startsWith("{"))
                                    .map(e -> e.json().at("/choices/0/delta/content").asString(""))
                                    .collect(Collectors.joining()))
                    .isEqualTo("Hello, world");
        }
    }

    @Test
    void fiftyEqualRequestsWithOneKeyAreOneTask() {
        Map<String, String> key = Map.of("Idempotency-Key", "\"" + UUID.randomUUID() + "\"");
        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 50).mapToObj(i -> call(() -> post(RAW, key))).toList();
        succeed(worker.take(nextTask()), 0, completion("Hello"));

        Set<String> bodies =
                answers.stream().map(a -> a.join().response().body()).collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        assertThat(
                        answers.stream()
                                .filter(
                                        a ->
                                                "true"
                                                        .equals(
                                                                a.join()
                                                                        .header(
                                                                                "Idempotency-Replayed"))))
                .hasSize(49);
        assertThat(open().filter(id -> !seen.contains(id))).isEmpty();
        Answer other = post(RAW.replace("hello", "bye"), key);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().at("/error/code").asString()).isEqualTo("idempotency_key_reused");
    }

    private static Answer post(String body, Map<String, String> headers) {
        return producer.request(
                ProducerUnderTest.ADMIN,
                "POST",
                CHAT,
                body.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    @Test
    void completesPromptsAsChats() {
        CompletableFuture<Completion> answer =
                call(
                        () ->
                                client.completions()
                                        .create(
                                                CompletionCreateParams.builder()
                                                        .model(Worker.MODEL)
                                                        .prompt("Once upon")
                                                        .maxTokens(5)
                                                        .build()));
        UUID id = nextTask();
        GetResponse message = producer.takeTask(id);
        assertThat(Json.tree(message.getBody()).at("/input/messages/0/content").asString())
                .isEqualTo("Once upon");
        succeed(
                ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it"),
                0,
                completion("a time"));

        Completion done = answer.join();
        assertThat(done.choices().getFirst().text()).isEqualTo("a time");
        assertThat(done.id()).isEqualTo("cmpl-" + id);
    }

    @Test
    void embeddingsOfManyInputsAreWorkedOnTogetherAndComeInOrder() {
        CompletableFuture<CreateEmbeddingResponse> answer =
                call(
                        () ->
                                client.embeddings()
                                        .create(
                                                EmbeddingCreateParams.builder()
                                                        .model(Worker.MODEL)
                                                        .inputOfArrayOfStrings(
                                                                List.of("0", "1", "2"))
                                                        .build()));
        List<UUID> parts = nextTasks(2);
        for (UUID part : parts.reversed()) {
            GetResponse message = producer.takeTask(part);
            JsonNode input = Json.tree(message.getBody()).at("/input/input");
            String data =
                    IntStream.range(0, input.size())
                            .mapToObj(
                                    i ->
                                            "{'index':"
                                                    + i
                                                    + ",'embedding':["
                                                    + input.get(i).asString()
                                                    + ",0.5]}")
                            .collect(Collectors.joining(","));
            succeed(
                    ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it"),
                    0,
                    "{'data':[" + data + "],'usage':{'prompt_tokens':3,'total_tokens':3}}");
        }

        CreateEmbeddingResponse done = answer.join();
        assertThat(done.data().stream().map(e -> e.embedding().getFirst()))
                .containsExactly(0f, 1f, 2f);
        assertThat(done.data().stream().map(e -> e.index())).containsExactly(0L, 1L, 2L);
        assertThat(done.usage().promptTokens()).isEqualTo(6);
    }

    @Test
    void aFailedTaskIsTheErrorThatItsFailureStandsFor() {
        CompletableFuture<ChatCompletion> answer =
                call(() -> client.chat().completions().create(chat(Worker.MODEL).build()));
        worker.fail(worker.take(nextTask()), FailureCode.BACKEND_UNAVAILABLE);

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(InternalServerException.class)
                .cause()
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(503);
                            assertThat(e.code()).contains("backend_unavailable");
                            assertThat(e.headers().values("x-should-retry"))
                                    .containsExactly("false");
                        });
    }

    @Test
    void aWrongKeyIsRefused() {
        OpenAIClient stranger = client("wrong");

        assertThatThrownBy(() -> stranger.models().list())
                .isInstanceOfSatisfying(
                        UnauthorizedException.class,
                        e -> assertThat(e.code()).contains("invalid_api_key"));
        stranger.close();
    }

    @Test
    void anUnknownModelIsRefusedAndTheKnownOnesAreNamed() {
        assertThatThrownBy(() -> client.chat().completions().create(chat("gpt-9").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> {
                            assertThat(e.code()).contains("model_not_found");
                            assertThat(e.param()).contains("model");
                            assertThat(e.getMessage()).contains("gpt-4o");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST | /v1/chat/completions | {not json                              | 400 | null     | invalid_json",
                "POST | /v1/chat/completions | [1]                                    | 400 | null     | invalid_json",
                "POST | /v1/chat/completions | {}                                     | 400 | model    | null",
                "POST | /v1/chat/completions | {\"model\":\"model-it\"}               | 400 | messages | invalid_value",
                "POST | /v1/chat/completions | {\"model\":\"model-it\",\"messages\":7} | 400 | messages | invalid_value",
                "POST | /v1/completions      | {\"model\":\"model-it\"}               | 400 | prompt   | null",
                "POST | /v1/completions      | {\"model\":\"model-it\",\"prompt\":\"x\",\"echo\":true} | 400 | echo | unsupported",
                "POST | /v1/embeddings       | {\"model\":\"model-it\"}               | 400 | input    | null",
                "POST | /v1/embeddings       | {\"model\":\"model-it\",\"input\":\"x\",\"encoding_format\":\"hex\"} | 400 | encoding_format | null",
                "POST | /v1/nothing          | {}                                     | 404 | null     | unknown_url",
                "PUT  | /v1/models           | {}                                     | 405 | null     | null",
            })
    void everyErrorHasAllFourKeysAndARequestId(
            String method, String path, String body, int status, String param, String code) {
        Answer answer =
                producer.request(
                        ProducerUnderTest.ADMIN,
                        method,
                        path,
                        body.getBytes(StandardCharsets.UTF_8),
                        Map.of());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        JsonNode error = answer.json().path("error");
        assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
        assertThat(error.path("message").asString()).isNotBlank();
        assertThat(error.path("param").asString("null")).isEqualTo(param);
        assertThat(error.path("code").asString("null")).isEqualTo(code);
        assertThat(answer.header("x-request-id")).startsWith("req_");
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        Answer answer =
                producer.request(
                        ProducerUnderTest.ADMIN,
                        "POST",
                        CHAT,
                        "hello".getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Type", "text/plain"));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("unsupported_media_type");
    }

    @Test
    void theCallersOwnRequestIdComesBack() {
        Answer answer =
                producer.request(
                        ProducerUnderTest.ADMIN,
                        "GET",
                        "/api/v1/types",
                        null,
                        Map.of("X-Request-Id", "mine-7"));

        assertThat(answer.header("x-request-id")).isEqualTo("mine-7");
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(producer.url() + "/v1")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Say hello");
    }

    private static CompletableFuture<List<ChatCompletionChunk>> stream() {
        return call(
                () -> {
                    try (StreamResponse<ChatCompletionChunk> stream =
                            client.chat()
                                    .completions()
                                    .createStreaming(chat(Worker.MODEL).build())) {
                        return stream.stream().toList();
                    }
                });
    }

    private static <T> CompletableFuture<T> call(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, Executors.newVirtualThreadPerTaskExecutor());
    }

    private UUID nextTask() {
        return nextTasks(1).getFirst();
    }

    /** Tasks that are new since the last call, oldest first. */
    private List<UUID> nextTasks(int count) {
        return await().until(
                        () -> open().filter(id -> !seen.contains(id)).sorted().toList(),
                        fresh -> fresh.size() == count && seen.addAll(fresh));
    }

    private static Stream<UUID> open() {
        return producer.get("/api/v1/tasks?state=QUEUED&limit=50")
                .json()
                .path("items")
                .valueStream()
                .map(t -> UUID.fromString(t.path("id").asString()));
    }

    private static String state(UUID task) {
        return producer.get("/api/v1/tasks/" + task).json().path("state").asString();
    }

    private static void say(Envelope task, int seq, String text) {
        Delta delta = new Delta(task.taskId(), task.epoch(), task.attempt(), seq, text, null);
        producer.publish(Exchanges.DELTAS, task.type(), Map.of(), Json.bytes(List.of(delta)));
    }

    private static Envelope again(Envelope task) {
        return task.nextAttempt(
                new AttemptFailure(
                        1,
                        FailureCode.BACKEND_UNAVAILABLE,
                        "it broke off",
                        null,
                        Instant.now(),
                        "it",
                        null));
    }

    private static String completion(String text) {
        return "{'choices':[{'index':0,'message':{'role':'assistant','content':'"
                + text
                + "'},'finish_reason':'stop'}]}";
    }

    private static void succeed(Envelope task, int deltas, String output) {
        Map<String, Object> headers = Worker.headers(task, RoutingKeys.SUCCEEDED);
        headers.put(Headers.LAST_SEQ, deltas);
        JsonNode json = Json.tree(output.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        byte[] result =
                Json.bytes(new Result.Succeeded(json, new Usage(3, 5, null, 12), Worker.MODEL));
        worker.publish(task, headers, RoutingKeys.SUCCEEDED, result);
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(c -> c.choices().stream())
                .map(c -> c.delta().content().orElse(""))
                .collect(Collectors.joining());
    }
}
