package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.Topology;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.worker.WorkerApplication;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.util.unit.DataSize;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;
import tools.jackson.databind.JsonNode;

/**
 * A real llama.cpp server with a tiny model of random weights: real protocol, real token counts,
 * meaningless text. Skipped where Docker does not answer or cannot get the image.
 */
class LlamaCppIT {

    private static final String IMAGE = "ghcr.io/ggml-org/llama.cpp:server";
    private static final int PORT = 8080;
    private static final TaskTypes TYPES = TaskTypes.load(null);

    private static GenericContainer<?> llama;

    @BeforeAll
    static void start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            abort("Docker does not answer");
        }
        llama =
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withCopyFileToContainer(
                                MountableFile.forClasspathResource("tiny.gguf"),
                                "/models/tiny.gguf")
                        .withCommand("-m", "/models/tiny.gguf", "-c", "2048", "-np", "2")
                        .withExposedPorts(PORT)
                        .waitingFor(Wait.forHttp("/health").forPort(PORT))
                        .withStartupTimeout(Duration.ofMinutes(5));
        try {
            llama.start();
        } catch (ContainerFetchException e) {
            abort("Docker cannot get " + IMAGE);
        }
    }

    @AfterAll
    static void stop() {
        if (llama != null) {
            llama.stop();
        }
    }

    @Test
    void chatIsPassedOnAndItsUsageIsRecorded() {
        Answer.Done done =
                done(
                        call(
                                "chat",
                                "{'messages':[{'role':'user','content':'hello world'}],'seed':1}",
                                "{'max_tokens':8,'ignore_eos':true}"));

        assertThat(done.output().at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(done.output().at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(done.output().has("timings")).isTrue();
        assertThat(done.usage().inputTokens()).isPositive();
        assertThat(done.usage().outputTokens()).isEqualTo(8);
        assertThat(done.usage().cost())
                .isEqualByComparingTo(
                        BigDecimal.valueOf(done.usage().inputTokens() + 2 * 8).movePointLeft(6));
        assertThat(done.model()).contains("tiny");
    }

    @Test
    void anAnswerInPiecesIsTheSameAsOneAsAWhole() {
        String input = "{'messages':[{'role':'user','content':'tell me of queues'}],'seed':42}";
        String parameters = "{'max_tokens':16,'ignore_eos':true,'temperature':0}";
        GatheredDeltas pieces = new GatheredDeltas();
        Call plain = callOf("chat", input, parameters);

        Answer.Done whole =
                done(backend(Duration.ofSeconds(30), DataSize.ofMegabytes(1)).call(plain));
        Answer.Done streamed =
                done(
                        backend(Duration.ofSeconds(30), DataSize.ofMegabytes(1))
                                .call(streaming(plain, pieces)));

        assertThat(pieces.texts()).hasSizeGreaterThan(2);
        String text = streamed.output().at("/choices/0/message/content").asString();
        assertThat(pieces.text()).isEqualTo(text);
        assertThat(text)
                .isEqualTo(whole.output().at("/choices/0/message/content").asString())
                .isNotEmpty();
        assertThat(streamed.output().at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(streamed.usage().outputTokens()).isEqualTo(16);
    }

    private static Call streaming(Call call, DeltaSink deltas) {
        return new Call(
                call.taskId(),
                call.epoch(),
                call.attempt(),
                call.type(),
                call.input(),
                call.parameters(),
                call.model(),
                call.limit(),
                call.aborted(),
                deltas,
                call.traceParent());
    }

    @Test
    void sameSeedGivesTheSameText() {
        String input = "{'prompt':'tell me of queues'}";
        String parameters = "{'max_tokens':16,'seed':42}";

        String first = done(call("generate", input, parameters)).output().get("text").asString();
        String second = done(call("generate", input, parameters)).output().get("text").asString();

        assertThat(first).isNotEmpty().isEqualTo(second);
    }

    @Test
    void structuredOutputFitsItsSchema() {
        Answer.Done done =
                done(
                        call(
                                "generate",
                                "{'prompt':'yes or no','schema':{'type':'object','properties':{'answer':"
                                        + "{'enum':['yes','no']}},'required':['answer'],"
                                        + "'additionalProperties':false}}",
                                "{'max_tokens':400,'seed':1}"));

        assertThat(done.output().at("/json/answer").asString()).isIn("yes", "no");
    }

    @Test
    void structuredOutputThatIsCutOffIsInvalid() {
        Answer answer =
                call(
                        "generate",
                        "{'prompt':'x','schema':{'type':'object','properties':{'answer':"
                                + "{'enum':['yes','no']}},'required':['answer']}}",
                        "{'max_tokens':1}");

        failed(answer, FailureCode.OUTPUT_INVALID);
    }

    @Test
    void promptBeyondTheContextIsRefusedForGood() {
        String text = "hello world ".repeat(5_000);

        failed(call("chat", "{'text':'" + text + "'}", null), FailureCode.BACKEND_REFUSED);
    }

    @Test
    void whatTheServerCannotDoIsUnsupported() {
        failed(call("embed", "{'text':'hello'}", null), FailureCode.UNSUPPORTED);
    }

    @Test
    void serverThatDoesNotAnswerInTimeIsATimeout() {
        Answer answer =
                backend(Duration.ofMillis(1), DataSize.ofMegabytes(1))
                        .call(callOf("chat", "{'text':'hello'}", "{'max_tokens':1000}"));

        failed(answer, FailureCode.CALL_TIMEOUT);
    }

    @Test
    void answerBeyondTheLimitIsTooLarge() {
        Answer answer =
                backend(Duration.ofSeconds(30), DataSize.ofBytes(100))
                        .call(callOf("chat", "{'text':'hello'}", "{'max_tokens':50}"));

        failed(answer, FailureCode.RESULT_TOO_LARGE);
    }

    @Test
    void taskOnTheBrokerIsAnsweredByTheServer() throws Exception {
        RetryLadder ladder = RetryLadder.parse("1s,1h");
        TestBroker broker =
                TestBroker.shared()
                        .newVhost()
                        .apply(Topology.of(Topology.Spec.of(List.of("default"), ladder)));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        try (Connection connection = factory.newConnection("llama-it");
                Channel channel = connection.createChannel();
                var worker =
                        new SpringApplicationBuilder(WorkerApplication.class)
                                .run(
                                        "--server.port=0",
                                        "--spring.rabbitmq.addresses="
                                                + broker.uri(BrokerUser.WORKER),
                                        "--fleet.retry.levels=1s,1h",
                                        "--fleet.worker.require-heartbeat=false",
                                        "--fleet.llm.base-url=" + url(),
                                        "--fleet.llm.model=tiny")) {
            Envelope task = envelope();
            channel.basicPublish(
                    Exchanges.WORK,
                    RoutingKeys.work("chat", "default", Priority.NORMAL),
                    new AMQP.BasicProperties.Builder().headers(task.toHeaders()).build(),
                    "{\"input\":{\"text\":\"hello\"},\"parameters\":{\"max_tokens\":5,\"ignore_eos\":true}}"
                            .getBytes());

            GetResponse reply = take(channel, Queues.REPLIES);

            JsonNode result = Json.tree(reply.getBody());
            assertThat(reply.getProps().getHeaders().get(Headers.OUTCOME)).hasToString("succeeded");
            assertThat(result.at("/output/choices/0/message").has("content")).isTrue();
            assertThat(result.at("/usage/outputTokens").asInt()).isEqualTo(5);
            assertThat(worker.isRunning()).isTrue();
        }
    }

    private static GetResponse take(Channel channel, String queue) {
        List<GetResponse> taken = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            GetResponse message = channel.basicGet(queue, true);
                            if (message != null) {
                                taken.add(message);
                            }
                            return !taken.isEmpty();
                        });
        return taken.getFirst();
    }

    private static Answer.Done done(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return (Answer.Done) answer;
    }

    private static void failed(Answer answer, FailureCode code) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Failed.class, f -> assertThat(f.failure().code()).isEqualTo(code));
    }

    private static Answer call(String type, String input, String parameters) {
        return backend(Duration.ofSeconds(30), DataSize.ofMegabytes(1))
                .call(callOf(type, input, parameters));
    }

    private static OpenAiBackend backend(Duration firstByteLimit, DataSize maxResponse) {
        return new OpenAiBackend(
                new BackendProperties.Endpoint(
                        "llama",
                        URI.create(url()),
                        null,
                        List.of("tiny"),
                        Map.of(),
                        Map.of("tiny.input", "1", "tiny.output", "2"),
                        Duration.ofSeconds(5),
                        firstByteLimit,
                        Set.of(),
                        maxResponse),
                TYPES);
    }

    private static Call callOf(String type, String input, String parameters) {
        return new Call(
                UUID.randomUUID(),
                1,
                1,
                TYPES.find(type).orElseThrow(),
                json(input),
                parameters == null ? null : json(parameters),
                null,
                Duration.ofSeconds(30));
    }

    private static String url() {
        return "http://" + llama.getHost() + ":" + llama.getMappedPort(PORT) + "/v1";
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Envelope envelope() {
        return new Envelope(
                UUID.randomUUID(),
                "chat",
                "any",
                Priority.NORMAL,
                "default",
                1,
                1,
                5,
                0,
                Instant.now(),
                Instant.now().plusSeconds(600),
                Duration.ofMinutes(1),
                null,
                "default",
                null,
                "test",
                null,
                List.of(),
                TraceParent.orNew(null));
    }
}
