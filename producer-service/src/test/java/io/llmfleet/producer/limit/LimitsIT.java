package io.llmfleet.producer.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.metrics.ProducerMetrics;
import io.llmfleet.testing.Midnight;
import io.llmfleet.wire.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Limits hold exactly, over two replicas and whatever comes at once. */
class LimitsIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"x\"}}";
    private static final String HOLD = "select 1 from limit_hold where task_id = ?";
    private static final String TASKS = "/api/v1/tasks";

    private static ProducerUnderTest producer;
    private static ProducerUnderTest other;
    private static Worker worker;
    private static final List<OpenAIClient> clients = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        String[] settings = {
            "--fleet.openai.embedding-inputs=1",
            // A hundred callers at once are not refused for want of a connection.
            "--spring.datasource.hikari.connection-timeout=60000"
        };
        producer = ProducerUnderTest.start(settings);
        other = producer.replica(settings);
        worker = new Worker(producer);
        producer.announceWorker(Worker.MODEL);
    }

    @BeforeEach
    void keepAwayFromMidnight() {
        Midnight.keepAway();
    }

    @AfterAll
    static void stop() {
        clients.forEach(OpenAIClient::close);
        other.close();
        producer.close();
    }

    @Test
    void exactlySoManyRequestsPassAsTheLimitSaysHoweverManyComeAtOnceToWhichReplica() {
        String key = producer.limitedKey("rate", "{\"requestsPerMinute\":50}");

        List<Answer> answers = atOnce(200, i -> send(replica(i), key, "GET", TASKS, null));

        assertThat(answers).filteredOn(a -> a.status() == 200).hasSize(50);
        List<Answer> refused = answers.stream().filter(a -> a.status() == 429).toList();
        assertThat(refused).hasSize(150);
        assertThat(refused)
                .allMatch(a -> a.blames("requestsPerMinute", "limit of 50 requests per minute"))
                .allMatch(a -> retryAfter(a) >= 1 && retryAfter(a) <= 60)
                .allMatch(a -> "0".equals(a.header("x-ratelimit-remaining-requests")));
        assertThat(answers)
                .allMatch(a -> "50".equals(a.header("x-ratelimit-limit-requests")))
                .allMatch(a -> a.header("x-ratelimit-reset-requests").matches("[0-9.]+s|1m0s"));
        assertThat(
                        producer.count(ProducerMetrics.LIMITS_REFUSED, "limit", "requestsPerMinute")
                                + other.count(
                                        ProducerMetrics.LIMITS_REFUSED,
                                        "limit",
                                        "requestsPerMinute"))
                .isGreaterThanOrEqualTo(150);
    }

    @Test
    void exactlySoManyTasksAreAcceptedAsMayBeUnfinishedAndThenAsManyAsHaveEnded() {
        String key = producer.limitedKey("queue", "{\"queuedTasks\":20}");

        List<Answer> answers = atOnce(60, i -> send(replica(i), key, "POST", TASKS, TASK));

        List<UUID> accepted = ids(answers);
        assertThat(accepted).hasSize(20);
        assertThat(answers)
                .filteredOn(a -> a.status() != 202)
                .hasSize(40)
                .allMatch(a -> a.blames("queuedTasks", "20 tasks are unfinished"))
                .allMatch(a -> retryAfter(a) >= 1 && retryAfter(a) <= 60);
        assertThat(tasks(key)).hasSize(20);
        assertThat(used(key, "queuedTasks")).isEqualTo("20");

        worker.succeed(worker.take(accepted.get(0)), "x");
        worker.fail(worker.take(accepted.get(1)), FailureCode.BACKEND_REFUSED);
        send(other, key, "POST", TASKS + "/" + accepted.get(2) + "/cancel", null);
        await().untilAsserted(() -> assertThat(used(key, "queuedTasks")).isEqualTo("17"));

        assertThat(ids(atOnce(10, i -> send(replica(i), key, "POST", TASKS, TASK)))).hasSize(3);
    }

    @Test
    void whatWasAcceptedBeforeIsJoinedAlthoughThereIsNoRoom() {
        String key = producer.limitedKey("join", "{\"queuedTasks\":1}");
        Map<String, String> once = Map.of("Idempotency-Key", "a");

        Answer first = producer.request(key, "POST", TASKS, TASK.getBytes(), once);
        Answer again = other.request(key, "POST", TASKS, TASK.getBytes(), once);
        Answer another = send(other, key, "POST", TASKS, TASK);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(another.status()).isEqualTo(429);
        assertThat(used(key, "queuedTasks")).isEqualTo("1");
    }

    @Test
    void manyAtOnceWithOneKeyTakeRoomForOne() {
        String key = producer.limitedKey("single-flight", "{\"queuedTasks\":100}");
        Map<String, String> once = Map.of("Idempotency-Key", "b");

        List<Answer> answers =
                atOnce(50, i -> replica(i).request(key, "POST", TASKS, TASK.getBytes(), once));

        assertThat(ids(answers)).hasSize(50).containsOnly(ids(answers).getFirst());
        await().untilAsserted(() -> assertThat(used(key, "queuedTasks")).isEqualTo("1"));
    }

    @Test
    void unfinishedTasksFromBeforeTheLimitCount() {
        Answer made = producer.post("/api/v1/keys", "{\"name\":\"later\",\"tenant\":\"later\"}");
        String key = made.json().path("key").asString();
        send(producer, key, "POST", TASKS, TASK);
        UUID second = ids(List.of(send(producer, key, "POST", TASKS, TASK))).getFirst();

        Answer changed =
                patch(made.json().path("id").asString(), "{\"limits\":{\"queuedTasks\":2}}");

        assertThat(changed.json().at("/limits/queuedTasks").asInt()).isEqualTo(2);
        assertThat(send(producer, key, "POST", TASKS, TASK).status()).isEqualTo(429);
        worker.succeed(worker.take(second), "x");
        await().untilAsserted(
                        () ->
                                assertThat(send(producer, key, "POST", TASKS, TASK).status())
                                        .isEqualTo(202));
    }

    @Test
    void tokensAreTakenByEstimateAndCountedByWhatWasUsed() {
        String key = producer.limitedKey("tokens", "{\"tokensPerMinute\":1000}");
        String task =
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"parameters\":{\"max_tokens\":900}}";

        Answer first = send(producer, key, "POST", TASKS, task);
        Answer second = send(other, key, "POST", TASKS, task);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("x-ratelimit-limit-tokens")).isEqualTo("1000");
        assertThat(Integer.parseInt(first.header("x-ratelimit-remaining-tokens")))
                .isBetween(70, 99);
        assertThat(first.header("x-ratelimit-reset-tokens")).matches("[0-9.]+s|1m0s");
        assertThat(second.blames("tokensPerMinute", "1000 tokens per minute")).isTrue();
        assertThat(retryAfter(second)).isBetween(1L, 60L);
        assertThat(tasks(key)).hasSize(1);

        worker.succeed(worker.take(ids(List.of(first)).getFirst()), "x");

        await().untilAsserted(() -> assertThat(used(key, "tokensPerMinute")).isEqualTo("8"));
        Answer third = send(other, key, "POST", TASKS, task);
        assertThat(third.status()).isEqualTo(202);
        assertThat(send(producer, key, "GET", TASKS, null).header("x-ratelimit-remaining-tokens"))
                .isEqualTo(third.header("x-ratelimit-remaining-tokens"));
    }

    @Test
    void neverMoreTokensAreTakenThanTheLimitOverAllReplicas() {
        String key = producer.limitedKey("token-rush", "{\"tokensPerMinute\":1000}");
        String task =
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"parameters\":{\"max_tokens\":80}}";

        List<Answer> answers = atOnce(50, i -> send(replica(i), key, "POST", TASKS, task));

        long each = Long.parseLong(used(key, "tokensPerMinute")) / ids(answers).size();
        assertThat(ids(answers)).hasSize((int) (1000 / each));
    }

    @Test
    void messageSaysHowMuchOfTheBudgetIsUsed() {
        String key = producer.limitedKey("spared", "{\"tokensPerDay\":32}");
        UUID first = ids(List.of(send(producer, key, "POST", TASKS, TASK))).getFirst();
        worker.succeed(worker.take(first), "x");
        await().untilAsserted(() -> assertThat(used(key, "tokensPerDay")).isEqualTo("8"));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            Answer accepted = send(producer, key, "POST", TASKS, TASK);
                            UUID next = ids(List.of(accepted)).getFirst();
                            Envelope message = ProducerUnderTest.envelope(producer.takeTask(next));
                            assertThat(message.budgetUsed()).isEqualTo(25);
                        });
        UUID free = producer.submit(TASK);
        assertThat(ProducerUnderTest.envelope(producer.takeTask(free)).budgetUsed()).isNull();
    }

    @Test
    void budgetIsOverrunByNoMoreThanWhatIsUnderWay() {
        String key = producer.limitedKey("budget", "{\"tokensPerDay\":16}");
        UUID dead = ids(List.of(send(producer, key, "POST", TASKS, TASK))).getFirst();
        worker.fail(worker.take(dead), FailureCode.BACKEND_REFUSED);
        await().until(() -> state(key, dead).equals("FAILED"));
        List<UUID> underWay = ids(atOnce(4, i -> send(replica(i), key, "POST", TASKS, TASK)));
        assertThat(underWay).hasSize(4);

        worker.succeed(worker.take(underWay.get(0)), "x");
        await().untilAsserted(() -> assertThat(used(key, "tokensPerDay")).isEqualTo("8"));
        assertThat(send(other, key, "POST", TASKS, TASK).status()).isEqualTo(202);
        worker.succeed(worker.take(underWay.get(1)), "x");
        await().untilAsserted(() -> assertThat(used(key, "tokensPerDay")).isEqualTo("16"));

        List<Answer> refused = atOnce(20, i -> send(replica(i), key, "POST", TASKS, TASK));

        long midnight = 86_400L - LocalTime.now(ZoneOffset.UTC).toSecondOfDay();
        assertThat(refused)
                .allMatch(a -> a.status() == 429)
                .allMatch(a -> a.blames("tokensPerDay", "budget of 16 tokens per day"))
                .allMatch(a -> Math.abs(retryAfter(a) - midnight) < 60);
        String letter =
                send(other, key, "GET", "/api/v1/dead-letters", null)
                        .json()
                        .at("/items/0/id")
                        .asString();
        String replay = "/api/v1/dead-letters/" + letter + "/replay";
        assertThat(send(other, key, "POST", replay, null).blames("tokensPerDay", "spent")).isTrue();
        for (UUID task : tasks(key)) {
            if (!List.of("SUCCEEDED", "FAILED").contains(state(key, task))) {
                worker.succeed(worker.take(task), "x");
            }
        }
        // Three were under way when the budget was spent.
        await().untilAsserted(() -> assertThat(used(key, "tokensPerDay")).isEqualTo("40"));
        assertThat(send(producer, key, "GET", TASKS, null).status()).isEqualTo(200);
    }

    @Test
    void officialClientIsToldWhichLimitItMet() {
        String key =
                producer.limitedKey(
                        "openai", "{\"requestsPerMinute\":2,\"tokensPerMinute\":100000}");
        OpenAIClient client = client(other, key);
        client.models().list();
        client.models().list();

        RateLimitException refused = refused(() -> client.models().list());

        assertThat(refused.code()).contains("rate_limit_exceeded");
        assertThat(refused.type()).contains("requests");
        assertThat(refused.headers().values("x-ratelimit-remaining-requests")).containsExactly("0");
        assertThat(refused.headers().values("x-ratelimit-limit-tokens")).containsExactly("100000");
        assertThat(Long.parseLong(refused.headers().values("Retry-After").getFirst()))
                .isBetween(1L, 60L);
        assertThat(refused.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void officialClientIsToldThatItsBudgetIsSpentAndDoesNotTryAgain() {
        String key = producer.limitedKey("openai-budget", "{\"costPerDay\":0.25}");
        UUID task = ids(List.of(send(producer, key, "POST", TASKS, TASK))).getFirst();
        worker.succeed(worker.take(task), "x");
        await().untilAsserted(() -> assertThat(used(key, "costPerDay")).isEqualTo("0.25"));
        OpenAIClient client = client(other, key);
        RateLimitException refused = refused(() -> client.chat().completions().create(chat()));

        assertThat(refused.code()).contains("insufficient_quota");
        assertThat(refused.type()).contains("insufficient_quota");
        assertThat(refused.headers().values("x-should-retry")).containsExactly("false");
        assertThat(refused.getMessage()).contains("budget of 0.25 per day");
    }

    @Test
    void requestThatIsRefusedHalfWayLeavesNothingBehind() {
        String key = producer.limitedKey("half-way", "{\"queuedTasks\":2}");
        OpenAIClient client = client(producer, key);
        RateLimitException refused =
                refused(
                        () ->
                                client.embeddings()
                                        .create(
                                                EmbeddingCreateParams.builder()
                                                        .model(Worker.MODEL)
                                                        .inputOfArrayOfStrings(
                                                                List.of("a", "b", "c"))
                                                        .build()));

        assertThat(refused.code()).contains("queue_full");
        assertThat(tasks(key)).hasSize(2).allMatch(t -> state(key, t).equals("CANCELLED"));
        assertThat(used(key, "queuedTasks")).isEqualTo("0");
    }

    @Test
    void eachLineOfManyIsCountedForItself() {
        String key =
                producer.limitedKey(
                        "bulk", "{\"requestsPerMinute\":1,\"queuedTasks\":3,\"bodySize\":256}");
        String lines = (TASK + "\n").repeat(4) + TASK.replace("x", "x".repeat(300)) + "\n";

        Answer answer =
                producer.request(
                        key,
                        "POST",
                        "/api/v1/tasks/bulk",
                        lines.getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Type", "application/x-ndjson"));

        List<JsonNode> told = answer.lines();
        assertThat(told.subList(1, 4)).allMatch(l -> l.has("id"));
        assertThat(told.get(4).at("/error/status").asInt()).isEqualTo(429);
        assertThat(told.get(4).at("/error/errors/0/field").asString()).isEqualTo("queuedTasks");
        assertThat(told.get(5).at("/error/errors/0/message").asString()).contains("256 bytes");
        assertThat(used(key, "queuedTasks")).isEqualTo("3");
    }

    @Test
    void sizeAndDepthAreLimitedAndNamed() {
        String key = producer.limitedKey("sizes", "{\"bodySize\":300,\"jsonDepth\":5}");
        String large = TASK.replace("x", "x".repeat(300));
        String deep =
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"parameters\":{\"a\":[[[[1]]]]}}";
        String chat =
                "{\"model\":\"model-it\",\"messages\":[{\"role\":\"user\",\"content\":[{\"a\":{\"b\":1}}]}]}";

        assertThat(send(producer, key, "POST", TASKS, large))
                .matches(a -> a.status() == 413)
                .matches(
                        a ->
                                a.blames(
                                        "body",
                                        "has "
                                                + large.length()
                                                + " bytes; accepted: up to 300 bytes"));
        assertThat(send(other, key, "POST", TASKS, deep))
                .matches(a -> a.status() == 400)
                .matches(a -> a.blames("body", "is nested 6 levels deep; accepted: up to 5"));
        Answer openAi = send(other, key, "POST", "/v1/chat/completions", chat);
        assertThat(openAi.status()).isEqualTo(400);
        assertThat(openAi.json().at("/error/message").asString()).contains("6 levels deep");
        assertThat(send(producer, key, "POST", TASKS, TASK).status()).isEqualTo(202);
        assertThat(tasks(key)).hasSize(1);
    }

    @Test
    void aKeyIsToldItsLimitsEvenIfTheyAreUsedUp() {
        String key = producer.limitedKey("told", "{\"requestsPerMinute\":1,\"costPerDay\":2.50}");
        send(producer, key, "GET", TASKS, null);
        assertThat(send(producer, key, "GET", TASKS, null).status()).isEqualTo(429);

        Answer limits = send(other, key, "GET", "/api/v1/limits", null);

        assertThat(limits.status()).isEqualTo(200);
        assertThat(limits.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(limits.json().at("/requestsPerMinute/used").asInt()).isEqualTo(1);
        assertThat(limits.json().at("/requestsPerMinute/resetsIn").asString()).startsWith("PT");
        assertThat(limits.json().at("/costPerDay/limit").decimalValue())
                .isEqualByComparingTo("2.5");
        assertThat(limits.json().has("tokensPerMinute")).isFalse();
    }

    @Test
    void withoutLimitsNothingIsSaidOfThem() {
        Answer answer = producer.get(TASKS);

        assertThat(answer.response().headers().map().keySet())
                .noneMatch(name -> name.startsWith("x-ratelimit"));
        assertThat(producer.get("/api/v1/limits").json()).isEmpty();
    }

    @Test
    void changedLimitsHoldAndNullIsTheDefault() {
        Answer made =
                producer.post(
                        "/api/v1/keys",
                        "{\"name\":\"x\",\"tenant\":\"change\",\"limits\":{\"requestsPerMinute\":1}}");
        String key = made.json().path("key").asString();
        String id = made.json().path("id").asString();
        assertThat(made.json().at("/limits/requestsPerMinute").asInt()).isEqualTo(1);
        send(producer, key, "GET", TASKS, null);
        assertThat(send(producer, key, "GET", TASKS, null).status()).isEqualTo(429);

        patch(id, "{\"limits\":{\"requestsPerMinute\":3,\"queuedTasks\":7}}");

        assertThat(send(producer, key, "GET", TASKS, null).status()).isEqualTo(200);
        JsonNode now = patch(id, "{\"limits\":{\"requestsPerMinute\":null}}").json();
        assertThat(now.path("limits").propertyNames()).containsExactly("queuedTasks");
        assertThat(IntStream.range(0, 5).mapToObj(i -> send(producer, key, "GET", TASKS, null)))
                .allMatch(a -> a.status() == 200);
        assertThat(patch(UUID.randomUUID().toString(), "{\"limits\":{}}").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/tasks, /api/v1/tasks/", "/v1/models, /v1/models/"})
    void eachCallerWhoMayNotIsToldSo(String path, String one) {
        Answer made =
                producer.post("/api/v1/keys", "{\"name\":\"revoked\",\"tenant\":\"revoked\"}");
        String revoked = made.json().path("key").asString();
        String id = made.json().path("id").asString();
        send(producer, ProducerUnderTest.ADMIN, "DELETE", "/api/v1/keys/" + id, null);
        String tenant = "caller" + path.hashCode();
        String caller = producer.limitedKey(tenant, "{\"requestsPerMinute\":10}");
        UUID another = producer.submit(TASK);

        assertThat(send(producer, null, "GET", path, null).status()).isEqualTo(401);
        assertThat(send(producer, "wrong", "GET", path, null).status()).isEqualTo(401);
        assertThat(send(producer, revoked, "GET", path, null).status()).isEqualTo(401);
        assertThat(send(producer, caller, "GET", one + another, null).status()).isEqualTo(404);
        assertThat(atOnce(100, i -> send(replica(i), caller, "GET", path, null)))
                .extracting(Answer::status)
                .containsOnly(200, 429)
                .filteredOn(s -> s == 200)
                .hasSize(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'requestsPerMinute':0}     | /limits/requestsPerMinute | whole number from 1",
                "{'requestsPerMinute':1.5}   | /limits/requestsPerMinute | whole number from 1",
                "{'tokensPerMinute':'many'}  | /limits/tokensPerMinute   | whole number from 1",
                "{'queuedTasks':-1}          | /limits/queuedTasks       | or null for the default",
                "{'costPerDay':0}            | /limits/costPerDay        | a number from 0.000001",
                "{'bodySize':99999999}       | /limits/bodySize          | 4194304",
                "{'jsonDepth':101}           | /limits/jsonDepth         | from 4 to 100",
                "{'requestsPerHour':1}       | /limits/requestsPerHour   | requestsPerMinute, tokens",
                "[]                          | /limits                   | must be a JSON object",
            })
    void wrongLimitIsRefusedWithWhatIsAccepted(String limits, String field, String accepted) {
        String json = limits.replace('\'', '"');
        String id = producer.get("/api/v1/keys").json().path(0).path("id").asString();

        Answer created = producer.post("/api/v1/keys", "{\"name\":\"x\",\"limits\":" + json + "}");
        Answer changed = patch(id, "{\"limits\":" + json + "}");

        assertThat(created.status()).isEqualTo(400);
        assertThat(created).matches(a -> a.blames(field, accepted));
        assertThat(changed.status()).isEqualTo(400);
        assertThat(changed).matches(a -> a.blames(field, accepted));
    }

    @Test
    void whatAProducerTookWhenItDiedIsGivenBack() {
        String key = producer.limitedKey("died", "{\"queuedTasks\":2}");
        send(producer, key, "POST", TASKS, TASK);
        JdbcTemplate jdbc = producer.part(JdbcTemplate.class);
        String owner =
                jdbc.queryForObject(
                        "select owner from limit_hold where task_id = ?",
                        String.class,
                        tasks(key).getFirst());
        UUID lost = UUID.randomUUID();
        jdbc.queryForList(
                "select * from limit_admit(?, ?, 'died', ?, 2, 1, null)",
                lost,
                owner,
                UUID.fromString(owner));
        assertThat(send(other, key, "POST", TASKS, TASK).status()).isEqualTo(429);
        jdbc.update(
                "update limit_hold set created_at = now() - interval '3 minutes' where task_id = ?",
                lost);

        other.part(LimitUpkeep.class).run();

        assertThat(send(other, key, "POST", TASKS, TASK).status()).isEqualTo(202);
        assertThat(used(key, "queuedTasks")).isEqualTo("2");
    }

    @Test
    void countsStayRightWhileTasksOfManyKeysComeAndGo() {
        List<String> keys =
                IntStream.range(0, 4)
                        .mapToObj(
                                i ->
                                        producer.limitedKey(
                                                "come-and-go-" + i,
                                                "{\"queuedTasks\":20,\"tokensPerMinute\":1000000}"))
                        .toList();
        List<UUID> first = ids(atOnce(60, i -> sendTask(i, keys)));
        CompletableFuture<List<Answer>> more =
                CompletableFuture.supplyAsync(
                        () -> atOnce(60, i -> sendTask(i, keys)), Thread::startVirtualThread);
        first.forEach(task -> worker.succeed(worker.take(task), "x"));
        List<UUID> second = ids(more.join());
        second.forEach(task -> worker.succeed(worker.take(task), "x"));

        await().untilAsserted(
                        () ->
                                assertThat(keys)
                                        .allMatch(key -> used(key, "queuedTasks").equals("0")));
        assertThat(first).hasSize(60);
        JdbcTemplate jdbc = producer.part(JdbcTemplate.class);
        assertThat(Stream.concat(first.stream(), second.stream()))
                .allMatch(task -> jdbc.queryForList(HOLD, task).isEmpty());
    }

    private static Answer sendTask(int number, List<String> keys) {
        return send(replica(number / 4), keys.get(number % 4), "POST", TASKS, TASK);
    }

    private static ProducerUnderTest replica(int number) {
        return number % 2 == 0 ? producer : other;
    }

    private static List<Answer> atOnce(int count, IntFunction<Answer> request) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Answer>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(CompletableFuture.supplyAsync(() -> request.apply(number), threads));
            }
            return all.stream().map(CompletableFuture::join).toList();
        }
    }

    private static Answer send(
            ProducerUnderTest to, String key, String method, String path, String json) {
        byte[] body = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        return to.request(key, method, path, body, Map.of());
    }

    private static Answer patch(String key, String json) {
        return send(producer, ProducerUnderTest.ADMIN, "PATCH", "/api/v1/keys/" + key, json);
    }

    private static List<UUID> ids(List<Answer> answers) {
        return answers.stream()
                .filter(a -> a.status() == 202)
                .map(a -> UUID.fromString(a.json().path("id").asString()))
                .toList();
    }

    private static List<UUID> tasks(String key) {
        return send(producer, key, "GET", TASKS, null)
                .json()
                .path("items")
                .valueStream()
                .map(t -> UUID.fromString(t.path("id").asString()))
                .toList();
    }

    private static String state(String key, UUID task) {
        return send(producer, key, "GET", TASKS + "/" + task, null).json().path("state").asString();
    }

    private static String used(String key, String limit) {
        return send(producer, key, "GET", "/api/v1/limits", null)
                .json()
                .path(limit)
                .path("used")
                .decimalValue()
                .toPlainString();
    }

    private static long retryAfter(Answer answer) {
        return Long.parseLong(answer.header("Retry-After"));
    }

    private static OpenAIClient client(ProducerUnderTest of, String key) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder()
                        .apiKey(key)
                        .baseUrl(of.url() + "/v1")
                        .maxRetries(0)
                        .build();
        clients.add(client);
        return client;
    }

    private static RateLimitException refused(Runnable call) {
        return catchThrowableOfType(RateLimitException.class, call::run);
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model(Worker.MODEL)
                .addUserMessage("Say hello")
                .build();
    }
}
