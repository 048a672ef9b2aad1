package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The official client, a whole fleet, and a real llama.cpp server behind it (a tiny model of random
 * weights). Skipped where Docker does not answer or cannot get the image.
 */
class LlamaFleetIT {

    private static final String IMAGE = "ghcr.io/ggml-org/llama.cpp:server";
    private static final String MODEL = "tiny";
    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<ResponseStatus> RUNNING =
            Set.of(ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS);
    private static final Path WEIGHTS =
            RunningFleet.ROOT.resolve("worker-service/src/test/resources/tiny.gguf");

    @TempDir static Path folder;
    private static GenericContainer<?> llama;
    private static RunningFleet fleet;
    private static OpenAIClient client;

    @BeforeAll
    static void up() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            abort("Docker does not answer");
        }
        llama =
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withCopyFileToContainer(
                                MountableFile.forHostPath(WEIGHTS), "/models/tiny.gguf")
                        .withCommand(
                                "-m",
                                "/models/tiny.gguf",
                                "-c",
                                "2048",
                                "-np",
                                "2",
                                "--embeddings",
                                "--pooling",
                                "mean")
                        .withExposedPorts(PORT)
                        .waitingFor(Wait.forHttp("/health").forPort(PORT));
        try {
            llama.start();
        } catch (ContainerFetchException e) {
            abort("Docker cannot get " + IMAGE);
        }
        String url = "http://" + llama.getHost() + ":" + llama.getMappedPort(PORT) + "/v1";
        fleet = RunningFleet.start(folder, Map.of("LLM_BASE_URL", url, "LLM_MODEL", MODEL));
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(fleet.url() + "/v1")
                        .apiKey(fleet.key())
                        .build();
    }

    @AfterAll
    static void down() {
        if (client != null) {
            client.close();
        }
        if (fleet != null) {
            fleet.close();
        }
        if (llama != null) {
            llama.stop();
        }
    }

    @Test
    void chatIsAnsweredWithTheBackendsOwnCounts() {
        ChatCompletion completion = client.chat().completions().create(chat());

        assertThat(completion.choices().getFirst().message().content()).isPresent();
        assertThat(completion.choices().getFirst().finishReason().asString()).isEqualTo("length");
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(12);
    }

    @Test
    void streamedChatSaysTheSameAsAWholeOne() {
        String whole =
                client.chat()
                        .completions()
                        .create(chat())
                        .choices()
                        .getFirst()
                        .message()
                        .content()
                        .orElseThrow();
        ChatCompletionAccumulator gathered = ChatCompletionAccumulator.create();
        long pieces;
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat()
                        .completions()
                        .createStreaming(
                                chat().toBuilder()
                                        .streamOptions(
                                                ChatCompletionStreamOptions.builder()
                                                        .includeUsage(true)
                                                        .build())
                                        .build())) {
            pieces = chunks.stream().peek(gathered::accumulate).count();
        }

        ChatCompletion streamed = gathered.chatCompletion();
        assertThat(pieces).isGreaterThan(2);
        assertThat(streamed.choices().getFirst().message().content()).contains(whole);
        assertThat(streamed.usage().orElseThrow().completionTokens()).isEqualTo(12);
    }

    @Test
    void textCompletionIsAnswered() {
        var completion =
                client.completions()
                        .create(
                                CompletionCreateParams.builder()
                                        .model(MODEL)
                                        .prompt("Once upon a time")
                                        .maxTokens(5)
                                        .putAdditionalBodyProperty(
                                                "ignore_eos", JsonValue.from(true))
                                        .build());

        assertThat(completion.choices()).hasSize(1);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(5);
    }

    @Test
    void aResponseInBackgroundIsFoundWhenItIsDone() {
        Response begun = client.responses().create(response().toBuilder().background(true).build());

        Response done =
                await().atMost(PATIENCE)
                        .until(
                                () -> client.responses().retrieve(begun.id()),
                                r -> !RUNNING.contains(r.status().orElseThrow()));
        assertThat(done.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(done.incompleteDetails().orElseThrow().reason().orElseThrow().asString())
                .isEqualTo("max_output_tokens");
        assertThat(text(done)).isNotBlank();
        assertThat(done.usage().orElseThrow().outputTokens()).isEqualTo(12);
    }

    @Test
    void streamedResponseSaysTheSameAsAWholeOne() {
        String whole = text(client.responses().create(response()));
        ResponseAccumulator gathered = ResponseAccumulator.create();
        StringBuilder pieces = new StringBuilder();
        try (StreamResponse<ResponseStreamEvent> events =
                client.responses().createStreaming(response())) {
            events.stream()
                    .peek(gathered::accumulate)
                    .flatMap(e -> e.outputTextDelta().stream())
                    .forEach(delta -> pieces.append(delta.delta()));
        }

        assertThat(pieces).hasToString(whole);
        assertThat(text(gathered.response())).isEqualTo(whole);
    }

    @Test
    void aBatchAnswersEachLine() {
        String lines =
                IntStream.range(0, 20)
                        .mapToObj(
                                i ->
                                        "{\"custom_id\":\"line-"
                                                + i
                                                + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                                                + "{\"model\":\"tiny\",\"max_tokens\":4,\"ignore_eos\":true,\"messages\":"
                                                + "[{\"role\":\"user\",\"content\":\"letter "
                                                + i
                                                + "\"}]}}")
                        .collect(Collectors.joining("\n"));
        String input =
                client.files()
                        .create(
                                FileCreateParams.builder()
                                        .purpose(FilePurpose.BATCH)
                                        .file(lines.getBytes(StandardCharsets.UTF_8))
                                        .build())
                        .id();
        Batch begun =
                client.batches()
                        .create(
                                BatchCreateParams.builder()
                                        .inputFileId(input)
                                        .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                                        .build());

        Batch done =
                await().atMost(PATIENCE)
                        .until(
                                () -> client.batches().retrieve(begun.id()),
                                b -> b.status().equals(Batch.Status.COMPLETED));
        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(20);
        assertThat(content(done.outputFileId().orElseThrow()).lines())
                .hasSize(20)
                .allMatch(line -> line.contains("\"completion_tokens\":4"));
    }

    private static String content(String file) {
        try (HttpResponse response = client.files().content(file)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(part -> part.outputText().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
    }

    @Test
    void embeddingsComeForEachInput() {
        var embeddings =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model(MODEL)
                                        .inputOfArrayOfStrings(List.of("a queue", "a letter"))
                                        .build());

        assertThat(embeddings.data()).hasSize(2);
        assertThat(embeddings.data().getFirst().embedding())
                .isNotEmpty()
                .hasSameSizeAs(embeddings.data().getLast().embedding());
    }

    @Test
    void modelsAreThoseOfTheWorkers() {
        await().untilAsserted(
                        () ->
                                assertThat(client.models().list().data())
                                        .anyMatch(m -> m.id().equals(MODEL)));
        assertThat(client.models().retrieve(MODEL).id()).isEqualTo(MODEL);
    }

    @Test
    void whatTheBackendRefusesIsABadRequest() {
        ChatCompletionCreateParams wrong =
                chat().toBuilder()
                        .putAdditionalBodyProperty("grammar", JsonValue.from("root ::= ("))
                        .build();

        assertThatThrownBy(() -> client.chat().completions().create(wrong))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> client.models().retrieve("no-such-model"))
                .isInstanceOf(NotFoundException.class);
    }

    private static ResponseCreateParams response() {
        return ResponseCreateParams.builder()
                .model(MODEL)
                .input("tell me of queues")
                .maxOutputTokens(12)
                .temperature(0)
                .putAdditionalBodyProperty("seed", JsonValue.from(42))
                .build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage("tell me of queues")
                .maxTokens(12)
                .temperature(0)
                .seed(42)
                .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
                .build();
    }
}
