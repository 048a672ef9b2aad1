package io.llmfleet.producer.api.openai.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchError;
import com.openai.models.batches.BatchListParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.sun.net.httpserver.HttpServer;
import io.llmfleet.producer.LowWorker;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Batches, by OpenAI's own client; this test plays the worker. */
class BatchesIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String[] SETTINGS = {
        "--fleet.targets.others=model-it",
        "--fleet.webhook.allowed-hosts=localhost",
        "--fleet.job.lease=2s"
    };
    private static final String UNFINISHED =
            "select count(*) from task where batch = ? and state is null";
    private static final Duration LONG = Duration.ofMinutes(4);

    private static ProducerUnderTest producer;
    private static OpenAIClient client;
    private static LowWorker worker;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start(SETTINGS);
        client = client(producer, ProducerUnderTest.ADMIN);
        worker = new LowWorker(producer);
        producer.announceWorker("model-it");
    }

    @AfterAll
    static void stop() {
        client.close();
        producer.close();
    }

    @Test
    void everyLineIsATaskAndItsOutcomeIsInOneOfTheFiles() {
        Batch created =
                batch(
                        CHAT,
                        chat("a"),
                        chat("b"),
                        chat("fail"),
                        chat("odd").replace("model-it", "gpt-9"));
        assertThat(created.id()).matches("batch_[0-9a-f]{32}");
        assertThat(created.status()).isEqualTo(Batch.Status.VALIDATING);
        worker.work(3, in -> said(in).equals("fail") ? null : completion("to " + said(in)));

        Batch done = awaitStatus(created, Batch.Status.COMPLETED);
        assertThat(done.requestCounts().orElseThrow())
                .satisfies(
                        c -> {
                            assertThat(c.total()).isEqualTo(4);
                            assertThat(c.completed()).isEqualTo(2);
                            assertThat(c.failed()).isEqualTo(2);
                        });
        assertThat(done.inProgressAt().orElseThrow())
                .isBetween(done.createdAt(), done.finalizingAt().orElseThrow());
        assertThat(done.completedAt().orElseThrow())
                .isGreaterThanOrEqualTo(done.finalizingAt().orElseThrow());
        assertThat(done.expiresAt()).contains(done.createdAt() + 24 * 3600);

        List<JsonNode> output = lines(done.outputFileId().orElseThrow());
        assertThat(output)
                .extracting(l -> l.path("custom_id").asString())
                .containsExactly("a", "b");
        JsonNode first = output.getFirst();
        assertThat(first.propertyNames()).containsExactly("id", "custom_id", "response", "error");
        assertThat(first.path("id").asString()).startsWith("batch_req_");
        assertThat(first.path("error").isNull()).isTrue();
        assertThat(first.at("/response/status_code").asInt()).isEqualTo(200);
        assertThat(first.at("/response/body/object").asString()).isEqualTo("chat.completion");
        assertThat(first.at("/response/body/choices/0/message/content").asString())
                .isEqualTo("to a");
        assertThat(state(first.at("/response/request_id").asString())).isEqualTo("SUCCEEDED");

        List<JsonNode> errors = lines(done.errorFileId().orElseThrow());
        assertThat(errors)
                .extracting(
                        l -> l.path("custom_id").asString(),
                        l -> l.at("/response/status_code").asInt(),
                        l -> l.at("/response/body/error/code").asString())
                .containsExactly(
                        tuple("fail", 400, "backend_refused"),
                        tuple("odd", 404, "model_not_found"));
    }

    @Test
    void theOutputKnowsItsSizeInTheEndAndIsHiddenWhenItIsDeleted() {
        Batch done = completed(2);
        String output = done.outputFileId().orElseThrow();

        assertThat(done.errorFileId()).isEmpty();
        assertThat(client.files().retrieve(output).bytes()).isEqualTo(content(output).length());
        assertThat(client.files().retrieve(output).purpose().asString()).isEqualTo("batch_output");
        client.files().delete(output);
        assertThatThrownBy(() -> content(output)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatIsErasedWithItsTaskIsNoLongerInTheOutput() {
        Batch done = completed(2);
        String output = done.outputFileId().orElseThrow();
        String task = lines(output).getFirst().at("/response/request_id").asString();

        assertThat(
                        producer.request(
                                        ProducerUnderTest.ADMIN,
                                        "DELETE",
                                        "/api/v1/tasks/" + task,
                                        null,
                                        Map.of())
                                .status())
                .isEqualTo(204);

        assertThat(lines(output)).hasSize(1);
    }

    @Test
    void theOutputCanBeReadWhileTheBatchRuns() {
        Batch running = batch(CHAT, chat("a"), chat("b"));
        worker.work(1, in -> completion("first"));
        await().until(() -> status(running).requestCounts().orElseThrow().completed() == 1);

        Batch now = status(running);
        assertThat(now.status()).isEqualTo(Batch.Status.IN_PROGRESS);
        assertThat(now.errorFileId()).isEmpty();
        assertThat(lines(now.outputFileId().orElseThrow())).hasSize(1);

        worker.work(1, in -> completion("second"));
        Batch done = awaitStatus(running, Batch.Status.COMPLETED);
        assertThat(lines(done.outputFileId().orElseThrow())).hasSize(2);
    }

    @Test
    void acceptsCompletionsAndEmbeddings() {
        Batch texts =
                batch(
                        "/v1/completions",
                        line(
                                "t",
                                "/v1/completions",
                                "{\"model\":\"model-it\",\"prompt\":\"Once\"}"));
        worker.work(1, in -> completion(said(in) + " upon a time"));
        assertThat(only(texts).at("/response/body/choices/0/text").asString())
                .isEqualTo("Once upon a time");

        Batch vectors =
                batch(
                        "/v1/embeddings",
                        line(
                                "e",
                                "/v1/embeddings",
                                "{\"model\":\"model-it\",\"input\":[\"x\"],\"encoding_format\":\"base64\"}"));
        worker.work(
                1,
                in ->
                        json(
                                "{'data':[{'index':0,'embedding':[1.0]}],'usage':{'prompt_tokens':1,'total_tokens':1}}"));
        assertThat(only(vectors).at("/response/body/data/0/embedding").asString())
                .isEqualTo("AACAPw==");
    }

    @Test
    void acceptsResponsesWhichCanBeLookedUpToo() {
        String line =
                line(
                        "r",
                        "/v1/responses",
                        "{\"model\":\"model-it\",\"input\":\"Hello\",\"instructions\":\"Be brief.\"}");
        Batch batch = batch("/v1/responses", line);
        worker.work(1, in -> completion("Hello to you"));

        JsonNode response = only(batch).at("/response/body");

        assertThat(response.path("object").asString()).isEqualTo("response");
        assertThat(response.path("status").asString()).isEqualTo("completed");
        assertThat(response.path("instructions").asString()).isEqualTo("Be brief.");
        assertThat(response.at("/output/0/content/0/text").asString()).isEqualTo("Hello to you");
        assertThat(client.responses().retrieve(response.path("id").asString()).instructions())
                .isPresent();
    }

    @Test
    void aResponseThatGoesOnAfterAnotherIsRefusedByItsLine() {
        String line =
                line(
                        "r",
                        "/v1/responses",
                        "{\"model\":\"model-it\",\"input\":\"Hello\",\"previous_response_id\":\"resp_1\"}");

        Batch done = awaitStatus(batch("/v1/responses", line), Batch.Status.COMPLETED);

        JsonNode refused = lines(done.errorFileId().orElseThrow()).getFirst();
        assertThat(refused.at("/response/status_code").asInt()).isEqualTo(400);
        assertThat(refused.at("/response/body/error/param").asString())
                .isEqualTo("previous_response_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{not json | invalid_json_line | null",
                "[1] | invalid_json_line | null",
                "{\"method\":\"POST\"} | missing_required_parameter | custom_id",
                "{\"custom_id\":\"good\"} | duplicate_custom_id | custom_id",
                "{\"custom_id\":\"x\",\"method\":\"GET\"} | invalid_method | method",
                "{\"custom_id\":\"x\",\"method\":\"POST\",\"url\":\"/v1/embeddings\"} | mismatched_url | url",
                "{\"custom_id\":\"x\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":7} | invalid_body | body",
                "{\"custom_id\":\"x\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"stream\":true}}"
                        + " | stream_not_supported | body.stream",
            })
    void aBadLineFailsTheWholeBatchAndIsNamed(String line, String code, String param) {
        Batch failed = awaitStatus(batch(CHAT, chat("good"), "", line), Batch.Status.FAILED);

        BatchError error = failed.errors().orElseThrow().data().orElseThrow().getFirst();
        assertThat(error.code()).contains(code);
        assertThat(error.line()).contains(3L);
        assertThat(error.param().orElse("null")).isEqualTo(param);
        assertThat(error.message().orElseThrow()).startsWith("Line 3: ");
        assertThat(failed.outputFileId()).isEmpty();
        assertThat(failed.failedAt()).isPresent();
        assertThat(tasks(producer, failed)).isZero();
    }

    @Test
    void aFileWithoutLinesFails() {
        Batch failed = awaitStatus(batch(CHAT, "", " "), Batch.Status.FAILED);

        assertThat(failed.errors().orElseThrow().data().orElseThrow().getFirst().code())
                .contains("empty_file");
    }

    @Test
    void aCancelledBatchKeepsWhatWasDone() {
        Batch running = batch(CHAT, chat("a"), chat("b"), chat("c"));
        worker.work(1, in -> completion("done"));
        await().until(() -> status(running).requestCounts().orElseThrow().completed() == 1);

        assertThat(client.batches().cancel(running.id()).status().asString()).startsWith("cancel");
        Batch cancelled = awaitStatus(running, Batch.Status.CANCELLED);
        assertThat(client.batches().cancel(running.id()).status())
                .isEqualTo(Batch.Status.CANCELLED);

        assertThat(cancelled.cancelledAt().orElseThrow())
                .isGreaterThanOrEqualTo(cancelled.cancellingAt().orElseThrow());
        assertThat(lines(cancelled.outputFileId().orElseThrow())).hasSize(1);
        assertThat(lines(cancelled.errorFileId().orElseThrow()))
                .hasSize(2)
                .allMatch(l -> l.path("response").isNull())
                .allMatch(l -> l.at("/error/code").asString().equals("batch_cancelled"));
        worker.work(2, in -> completion("too late"));
    }

    @Test
    void aCompletedBatchCannotBeCancelled() {
        Batch done = completed(1);

        assertThatThrownBy(() -> client.batches().cancel(done.id()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("is completed and can no longer be cancelled");
    }

    @Test
    void whatIsNotDoneWithinTheWindowExpires() {
        Batch running = create(upload(chat("a"), chat("b")), CHAT, "24h").get();
        worker.work(2, in -> said(in).equals("a") ? completion("in time") : json("[]").path("no"));
        await().until(() -> status(running).requestCounts().orElseThrow().completed() == 1);

        JdbcTemplate jdbc = producer.part(JdbcTemplate.class);
        UUID id = uuid(running);
        assertThat(
                        jdbc.queryForObject(
                                "select bool_and(t.deadline <= b.expires_at) from task t join batch_job b on b.id = t.batch where b.id = ?",
                                Boolean.class,
                                id))
                .as("the window is the deadline of each task")
                .isTrue();
        jdbc.update("update batch_job set expires_at = now() where id = ?", id);
        jdbc.update(
                "update task_open set deadline = now() where task_id in (select id from task where batch = ?)",
                id);

        Batch expired = awaitStatus(running, Batch.Status.EXPIRED);
        assertThat(expired.expiredAt()).isPresent();
        assertThat(lines(expired.outputFileId().orElseThrow())).hasSize(1);
        JsonNode error = lines(expired.errorFileId().orElseThrow()).getFirst();
        assertThat(error.path("custom_id").asString()).isEqualTo("b");
        assertThat(error.at("/error/code").asString()).isEqualTo("batch_expired");
    }

    @Test
    void linesThatCannotBeSubmittedWithinTheWindowExpire() {
        Batch expired =
                awaitStatus(create(upload(chat("a")), CHAT, "1s").get(), Batch.Status.EXPIRED);

        assertThat(lines(expired.errorFileId().orElseThrow()).getFirst().at("/error/code"))
                .hasToString("\"batch_expired\"");
        assertThat(tasks(producer, expired)).isZero();
    }

    @Test
    void theSameRequestWithOneKeyIsOneBatch() {
        String file = upload(chat("a"));
        String key = UUID.randomUUID().toString();

        Batch first = create(file, CHAT, "24h").once(key);
        Batch again = create(file, CHAT, "24h").once(key);

        assertThat(again.id()).isEqualTo(first.id());
        assertThatThrownBy(() -> create(file, CHAT, "23h").once(key))
                .isInstanceOf(UnprocessableEntityException.class);
        worker.work(1, in -> completion("x"));
        awaitStatus(first, Batch.Status.COMPLETED);
        client.files().delete(file);
        assertThat(create(file, CHAT, "24h").once(key).id()).isEqualTo(first.id());
    }

    @Test
    void otherTenantsHaveNoSuchBatch() {
        Batch done = completed(1);
        OpenAIClient stranger = client(producer, producer.newKey("stranger-of-batches", "user"));

        assertThatThrownBy(() -> stranger.batches().retrieve(done.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.batches().cancel(done.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.files().content(done.outputFileId().orElseThrow()))
                .isInstanceOf(NotFoundException.class);
        assertThat(stranger.batches().list().data()).isEmpty();
        assertThatThrownBy(
                        () ->
                                stranger.batches()
                                        .create(params(done.inputFileId(), CHAT, "24h").build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("There is no file");
        stranger.close();
    }

    @Test
    void listsAreCutIntoPages() {
        OpenAIClient own = client(producer, producer.newKey("lister-of-batches", "user"));
        String file = upload(own, chat("a"));
        List<String> ids =
                IntStream.range(0, 3)
                        .mapToObj(i -> own.batches().create(params(file, CHAT, "24h").build()).id())
                        .toList();

        assertThat(
                        own
                                .batches()
                                .list(BatchListParams.builder().limit(2).build())
                                .autoPager()
                                .stream()
                                .map(Batch::id))
                .containsExactlyElementsOf(ids.reversed());
        worker.work(3, in -> completion("x"));
        own.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/moderations | 24h | endpoint | /v1/chat/completions",
                "/v1/chat/completions | 25h | completion_window | accepted: 24h",
                "/v1/chat/completions | soon | completion_window | accepted: 24h",
            })
    void whatIsWrongWithARequestIsNamed(
            String endpoint, String window, String param, String message) {
        assertThatThrownBy(() -> create(upload(chat("a")), endpoint, window).get())
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> {
                            assertThat(e.param()).contains(param);
                            assertThat(e.getMessage()).contains(message);
                        });
    }

    @Test
    void tellsItsEndByAWebhookThatTheOfficialClientUnwraps() throws IOException {
        List<Map.Entry<Headers, String>> received = new CopyOnWriteArrayList<>();
        HttpServer receiver =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 9);
        receiver.createContext(
                "/",
                exchange -> {
                    Headers.Builder headers = Headers.builder();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    received.add(Map.entry(headers.build(), body));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        receiver.start();
        try {
            String url = "http://localhost:" + receiver.getAddress().getPort() + "/hook";
            Batch good = create(upload(chat("a")), CHAT, "24h").telling(url);
            worker.work(1, in -> completion("x"));
            await().until(() -> received.size() == 1);
            Batch bad = create(upload("{"), CHAT, "24h").telling(url);
            await().until(() -> received.size() == 2);

            UnwrapWebhookEvent completed = unwrap(received.getFirst());
            assertThat(completed.asBatchCompleted().data().id()).isEqualTo(good.id());
            assertThat(completed.asBatchCompleted().id()).startsWith("evt_");
            assertThat(unwrap(received.getLast()).asBatchFailed().data().id()).isEqualTo(bad.id());
            assertThatThrownBy(
                            () -> create(upload(chat("a")), CHAT, "24h").telling("ftp://localhost"))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("http or https URL");
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void waitsWhileTheFleetTakesNoMoreAndGoesOn() {
        try (ProducerUnderTest small =
                ProducerUnderTest.start(with("--fleet.dispatch.max-open=3"))) {
            OpenAIClient own = client(small, ProducerUnderTest.ADMIN);
            String file =
                    upload(
                            own,
                            IntStream.range(0, 7)
                                    .mapToObj(i -> chat("r" + i))
                                    .toArray(String[]::new));
            Batch created = own.batches().create(params(file, CHAT, "24h").build());
            new LowWorker(small).work(7, in -> completion("x"));

            Batch done =
                    await().atMost(LONG)
                            .until(
                                    () -> own.batches().retrieve(created.id()),
                                    b -> b.status().equals(Batch.Status.COMPLETED));
            assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(7);
            assertThat(tasks(small, done)).isEqualTo(7);
            own.close();
        }
    }

    @Test
    void aBatchWhoseInputIsDeletedEndsWithWhatWasSubmitted() {
        try (ProducerUnderTest small =
                ProducerUnderTest.start(with("--fleet.dispatch.max-open=1"))) {
            OpenAIClient own = client(small, ProducerUnderTest.ADMIN);
            JdbcTemplate jdbc = small.part(JdbcTemplate.class);
            String file = upload(own, manyLines(10));
            Batch created = own.batches().create(params(file, CHAT, "24h").build());
            UUID id = uuid(created);
            await().until(() -> submitted(small, created) >= 1);
            // Held, so that it submits no more before the file is gone.
            await().until(
                            () ->
                                    jdbc.update(
                                                    "update batch_job set next_at = 'infinity' where id = ? and lease is null",
                                                    id)
                                            == 1);
            int begun = submitted(small, created);
            own.files().delete(file);
            new LowWorker(small).work(begun, in -> completion("x"));
            await().until(() -> count(small, UNFINISHED, created) == 0);
            jdbc.update("update batch_job set next_at = now() where id = ?", id);

            Batch cancelled =
                    await().atMost(LONG)
                            .until(
                                    () -> own.batches().retrieve(created.id()),
                                    b -> b.status().equals(Batch.Status.CANCELLED));
            assertThat(cancelled.errors().orElseThrow().data().orElseThrow().getFirst().code())
                    .contains("input_file_deleted");
            assertThat(content(own, cancelled.outputFileId().orElseThrow()).lines()).hasSize(begun);
            assertThat(content(own, cancelled.errorFileId().orElseThrow()).lines())
                    .hasSize(10 - begun)
                    .allMatch(line -> line.contains("batch_cancelled"));
            own.close();
        }
    }

    @Test
    void noLineIsSubmittedTwiceWhenProducersTakeOverFromEachOther() {
        int count = 10_000;
        try (ProducerUnderTest one = ProducerUnderTest.start(SETTINGS)) {
            JdbcTemplate jdbc = one.part(JdbcTemplate.class);
            OpenAIClient own = client(one, ProducerUnderTest.ADMIN);
            String file = upload(own, manyLines(count));
            Batch batch;
            try (ProducerUnderTest other = one.replica(SETTINGS)) {
                batch = own.batches().create(params(file, CHAT, "24h").build());
                for (int begun : new int[] {500, 2_500, 4_500}) {
                    await().atMost(LONG)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> tasks(one, batch) > begun);
                    // From now on both are at it: who had the job does not know that it is taken.
                    jdbc.update("update batch_job set lease_until = now() - interval '1 s'");
                }
            }

            await().atMost(LONG).until(() -> submitted(one, batch) == count);
            assertThat(tasks(one, batch)).isEqualTo(count);
            assertThat(
                            jdbc.queryForObject(
                                    "select count(distinct task) from batch_job_line where job = ?",
                                    Integer.class,
                                    uuid(batch)))
                    .isEqualTo(count);
            own.close();
        }
    }

    @Test
    void fiftyThousandLinesAreAcceptedOnceAndCancelledTogether() {
        int count = 50_000;
        try (ProducerUnderTest own = ProducerUnderTest.start(SETTINGS)) {
            OpenAIClient openAi = client(own, ProducerUnderTest.ADMIN);
            String file = upload(openAi, manyLines(count));
            Batch batch = openAi.batches().create(params(file, CHAT, "24h").build());
            await().atMost(LONG).until(() -> submitted(own, batch) == count);
            assertThat(tasks(own, batch)).isEqualTo(count);

            openAi.batches().cancel(batch.id());
            Batch cancelled =
                    await().atMost(LONG)
                            .until(
                                    () -> openAi.batches().retrieve(batch.id()),
                                    b -> b.status().equals(Batch.Status.CANCELLED));
            assertThat(cancelled.requestCounts().orElseThrow().failed()).isEqualTo(count);
            String errors = cancelled.errorFileId().orElseThrow();
            assertThat(content(openAi, errors).lines()).hasSize(count);
            openAi.close();
        }
    }

    private static UnwrapWebhookEvent unwrap(Map.Entry<Headers, String> received) {
        String secret = producer.get("/api/v1/webhooks/secret").json().path("secret").asString();
        return client.webhooks()
                .unwrap(
                        WebhookVerificationParams.builder()
                                .payload(received.getValue())
                                .headers(received.getKey())
                                .secret(secret)
                                .build());
    }

    private static Batch completed(int lines) {
        Batch created =
                batch(
                        CHAT,
                        IntStream.range(0, lines)
                                .mapToObj(i -> chat("r" + i))
                                .toArray(String[]::new));
        worker.work(lines, in -> completion("x"));
        return awaitStatus(created, Batch.Status.COMPLETED);
    }

    private static Batch awaitStatus(Batch batch, Batch.Status status) {
        return await().until(() -> status(batch), b -> b.status().equals(status));
    }

    private static Batch status(Batch batch) {
        return client.batches().retrieve(batch.id());
    }

    private static JsonNode only(Batch batch) {
        Batch done = awaitStatus(batch, Batch.Status.COMPLETED);
        List<JsonNode> lines = lines(done.outputFileId().orElseThrow());
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    /** A request for a batch that may be sent in several ways. */
    private record Creation(BatchCreateParams.Builder params) {

        Batch get() {
            return client.batches().create(params.build());
        }

        Batch once(String key) {
            return client.batches()
                    .create(params.putAdditionalHeader("Idempotency-Key", key).build());
        }

        Batch telling(String url) {
            return client.batches()
                    .create(
                            params.putAdditionalBodyProperty("webhook", JsonValue.from(url))
                                    .build());
        }
    }

    private static Batch batch(String endpoint, String... lines) {
        return create(upload(lines), endpoint, "24h").get();
    }

    private static Creation create(String file, String endpoint, String window) {
        return new Creation(params(file, endpoint, window));
    }

    private static BatchCreateParams.Builder params(String file, String endpoint, String window) {
        return BatchCreateParams.builder()
                .inputFileId(file)
                .endpoint(BatchCreateParams.Endpoint.of(endpoint))
                .completionWindow(BatchCreateParams.CompletionWindow.of(window));
    }

    private static String upload(String... lines) {
        return upload(client, lines);
    }

    private static String upload(OpenAIClient who, String... lines) {
        byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return who.files()
                .create(
                        FileCreateParams.builder()
                                .purpose(FilePurpose.BATCH)
                                .file(
                                        MultipartField.<InputStream>builder()
                                                .value(new ByteArrayInputStream(content))
                                                .filename("in.jsonl")
                                                .build())
                                .build())
                .id();
    }

    private static String[] manyLines(int count) {
        return IntStream.range(0, count).mapToObj(i -> chat("r" + i)).toArray(String[]::new);
    }

    private static String chat(String text) {
        return line(
                text,
                CHAT,
                "{\"model\":\"model-it\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + text
                        + "\"}]}");
    }

    private static String line(String id, String url, String body) {
        return "{\"custom_id\":\""
                + id
                + "\",\"method\":\"POST\",\"url\":\""
                + url
                + "\",\"body\":"
                + body
                + "}";
    }

    private static String said(JsonNode input) {
        return input.at("/messages/0/content").asString();
    }

    private static JsonNode completion(String text) {
        return json(
                "{'choices':[{'index':0,'message':{'role':'assistant','content':'"
                        + text
                        + "'},'finish_reason':'stop'}]}");
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> lines(String file) {
        return content(file)
                .lines()
                .map(l -> Json.tree(l.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.toList());
    }

    private static String content(String file) {
        return content(client, file);
    }

    private static String content(OpenAIClient who, String file) {
        try (HttpResponse response = who.files().content(file)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String state(String task) {
        return producer.get("/api/v1/tasks/" + task).json().path("state").asString();
    }

    private static int tasks(ProducerUnderTest of, Batch batch) {
        return count(of, "select count(*) from task where batch = ?", batch);
    }

    private static int submitted(ProducerUnderTest of, Batch batch) {
        return count(
                of,
                "select count(*) from batch_job_line where job = ? and task is not null",
                batch);
    }

    private static int count(ProducerUnderTest of, String sql, Batch batch) {
        return of.part(JdbcTemplate.class).queryForObject(sql, Integer.class, uuid(batch));
    }

    private static UUID uuid(Batch batch) {
        return WireId.BATCH.read(batch.id()).orElseThrow();
    }

    private static String[] with(String more) {
        return Stream.concat(Stream.of(SETTINGS), Stream.of(more)).toArray(String[]::new);
    }

    private static OpenAIClient client(ProducerUnderTest of, String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(of.url() + "/v1")
                .maxRetries(0)
                .build();
    }
}
