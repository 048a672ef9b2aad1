package io.llmfleet.producer.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Ids;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.StoreUnderTest;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.TaskMeters;
import io.llmfleet.producer.task.OpenTasks.Interruption;
import io.llmfleet.producer.task.OpenTasks.Lane;
import io.llmfleet.producer.task.OpenTasks.Ref;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TraceParent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The store's rules on a real PostgreSQL. */
class TaskStoreIT {

    private static final Lane LANE = new Lane("acme", Priority.NORMAL, "any", "chat");

    private static StoreUnderTest tables;
    private static JdbcTemplate jdbc;
    private static TransactionTemplate transactions;

    private final TaskWaiters waiters = new TaskWaiters();
    private final List<OpenTask> dispatched = new ArrayList<>();
    private final TaskMeters meters = new TaskMeters(new SimpleMeterRegistry(), List.of());
    private JdbcTaskStore store;
    private OpenTasks open;
    private TaskOutcomes outcomes;
    private boolean dispatchAtOnce;

    @BeforeAll
    static void migrate() {
        tables = new StoreUnderTest();
        jdbc = tables.jdbc();
        transactions = tables.transactions();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    @BeforeEach
    void empty() {
        jdbc.execute("truncate task, task_input, task_output, task_open, task_key, result_outbox");
        store = new JdbcTaskStore(jdbc, transactions, List.of());
        open = new JdbcOpenTasks(jdbc, meters);
        outcomes =
                new JdbcTaskOutcomes(
                        jdbc,
                        transactions,
                        List.of(new JdbcResultOutbox(jdbc)),
                        true,
                        waiters,
                        meters,
                        new EffectMeters(new SimpleMeterRegistry()));
    }

    @Test
    void acceptedTaskIsFoundByItsTenantAlone() {
        NewTask task = accept(task());

        assertThat(store.find("acme", task.id()))
                .hasValueSatisfying(
                        view -> {
                            assertThat(view.state()).isEqualTo(TaskState.ACCEPTED);
                            assertThat(view.createdAt()).isEqualTo(Ids.timeOf(task.id()));
                            assertThat(view.deadline()).isEqualTo(task.deadline());
                            assertThat(view.callLimit()).isEqualTo(task.callLimit());
                            assertThat(view.metadata()).isEqualTo(task.metadata());
                        });
        assertThat(store.find("other", task.id())).isEmpty();
    }

    @Test
    void claimedTaskCarriesTheExactBytesOfItsInput() {
        NewTask task = accept(task());

        List<OpenTask> claimed = open.claim(LANE, 10);

        assertThat(claimed).hasSize(1);
        assertThat(new String(claimed.getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"input\":{\"text\":\"a\\u0000b 😀\"}}");
        assertThat(claimed.getFirst().id()).isEqualTo(task.id());
        assertThat(open.claim(LANE, 10)).isEmpty();
    }

    @Test
    void whatTheBrokerNeverConfirmedIsClaimedAgainUnderTheSameEpoch() {
        accept(task());
        open.claim(LANE, 10);

        assertThat(open.reclaim(Duration.ofMinutes(1), 10)).isEmpty();
        assertThat(open.reclaim(Duration.ofMillis(-1), 10))
                .singleElement()
                .satisfies(t -> assertThat(t.epoch()).isEqualTo(1));
    }

    @Test
    void confirmedTaskIsQueuedAndNotClaimedAgain() {
        NewTask task = accept(task());
        open.claim(LANE, 10);

        open.markSent(List.of(new Ref(task.id(), 1)));

        assertThat(state(task)).isEqualTo(TaskState.QUEUED);
        assertThat(open.reclaim(Duration.ofMillis(-1), 10)).isEmpty();
    }

    @Test
    void releasedTaskWaitsAgain() {
        NewTask task = accept(task());
        open.claim(LANE, 10);

        open.release(List.of(task.id()));

        assertThat(open.count()).isEqualTo(1);
        assertThat(open.claim(LANE, 10)).hasSize(1);
    }

    @Test
    void firstFinalWins() {
        NewTask task = accept(task());

        List<FinalOutcome> stored =
                outcomes.store(
                        List.of(
                                succeeded(task, 1, "first"),
                                failed(task, 1),
                                succeeded(task, 1, "third")));

        assertThat(stored)
                .singleElement()
                .satisfies(o -> assertThat(o.state()).isEqualTo(TaskState.SUCCEEDED));
        assertThat(outcomes.store(List.of(failed(task, 1)))).isEmpty();
        assertThat(store.find("acme", task.id()).orElseThrow().result())
                .isEqualTo("\"first\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void resultThatCameBeforeTheConfirmIsNotOverwrittenByIt() {
        NewTask task = accept(task());
        open.claim(LANE, 10);
        outcomes.store(List.of(succeeded(task, 1, "x")));

        open.markSent(List.of(new Ref(task.id(), 1)));
        open.project(List.of(progress(task, 1, 1, TaskState.RUNNING)));

        assertThat(state(task)).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void resultOfBeforeAReplayHasNoEffect() {
        NewTask task = accept(task());
        outcomes.store(List.of(failed(task, 1)));
        assertThat(open.reopen(task.id())).isTrue();

        assertThat(outcomes.store(List.of(succeeded(task, 1, "late")))).isEmpty();
        assertThat(state(task)).isEqualTo(TaskState.ACCEPTED);
        assertThat(outcomes.store(List.of(succeeded(task, 2, "new")))).hasSize(1);
        assertThat(store.find("acme", task.id()).orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void taskIsReopenedOnlyWhileItIsFinal() {
        NewTask task = accept(task());
        assertThat(open.reopen(task.id())).isFalse();
        outcomes.store(List.of(failed(task, 1)));

        assertThat(open.reopen(task.id())).isTrue();
        assertThat(open.reopen(task.id())).isFalse();
        assertThat(open.claim(LANE, 10))
                .singleElement()
                .satisfies(t -> assertThat(t.epoch()).isEqualTo(2));
    }

    @Test
    void resultOfARedispatchedTasksFirstRunStillCounts() {
        NewTask task = accept(task());
        open.claim(LANE, 10);
        interrupt(task, 1);
        open.asked(open.askDue());
        assertThat(open.reclaimUnanswered(Duration.ofMillis(-1), 10)).hasSize(1);

        assertThat(outcomes.store(List.of(succeeded(task, 1, "paid for")))).hasSize(1);
    }

    @Test
    void interruptedTaskIsDispatchedAnewOnlyIfNobodyAnswers() {
        NewTask task = accept(task());
        open.claim(LANE, 10);
        interrupt(task, 1);

        List<OpenTasks.Question> first = open.askDue();
        assertThat(first).extracting(q -> q.task()).containsExactly(new Ref(task.id(), 1));
        assertThat(open.askDue()).isEmpty();
        assertThat(open.reclaimUnanswered(Duration.ofMillis(-1), 10))
                .as("nothing was said yet")
                .isEmpty();
        open.answered(List.of(task.id()), Duration.ofMillis(-1));
        open.asked(first);
        assertThat(open.reclaimUnanswered(Duration.ofMillis(-1), 10))
                .as("the answer came before it was noted that somebody asked")
                .isEmpty();

        List<OpenTasks.Question> second = open.askDue();
        assertThat(second).hasSize(1);
        open.asked(second);
        assertThat(open.reclaimUnanswered(Duration.ofSeconds(5), 10)).isEmpty();
        assertThat(open.reclaimUnanswered(Duration.ofMillis(-1), 10))
                .singleElement()
                .satisfies(
                        t -> {
                            assertThat(t.epoch()).isEqualTo(2);
                            assertThat(t.interruptions()).isEqualTo(1);
                            assertThat(t.attempt()).isEqualTo(2);
                            assertThat(t.failures()).hasSize(1);
                        });
    }

    @Test
    void interruptionOfAnEarlierEpochIsIgnored() {
        NewTask task = accept(task());
        interrupt(task, 7);

        assertThat(open.askDue()).isEmpty();
    }

    @Test
    void progressGoesForwardOnly() {
        NewTask task = accept(task());
        open.project(List.of(progress(task, 1, 2, TaskState.ROUTED)));
        open.project(
                List.of(
                        progress(task, 1, 1, TaskState.RUNNING),
                        progress(task, 2, 9, TaskState.RUNNING)));

        assertThat(state(task)).isEqualTo(TaskState.ROUTED);
        assertThat(store.find("acme", task.id()).orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void deadlineThatPassedMakesTheTaskExpired() {
        NewTask late = accept(task(Instant.now().plusMillis(1)));
        NewTask early = accept(task());

        List<FinalOutcome> expired = new ArrayList<>();
        org.awaitility.Awaitility.await()
                .until(
                        () -> {
                            expired.addAll(outcomes.expire(10));
                            return !expired.isEmpty();
                        });

        assertThat(expired).extracting(FinalOutcome::id).containsExactly(late.id());
        assertThat(state(late)).isEqualTo(TaskState.EXPIRED);
        assertThat(state(early)).isEqualTo(TaskState.ACCEPTED);
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrOverlap() {
        List<UUID> ids =
                IntStream.range(0, 7)
                        .mapToObj(i -> accept(task()).id())
                        .sorted(UuidOrder.UNSIGNED.reversed())
                        .toList();
        List<UUID> seen = new ArrayList<>();
        UUID after = null;
        List<TaskView> page;
        do {
            page = store.list(new TaskFilter("acme", null, null, null, null, null, null, after, 3));
            page.forEach(t -> seen.add(t.id()));
            after = seen.getLast();
        } while (page.size() == 3);

        assertThat(seen).containsExactlyElementsOf(ids);
    }

    @Test
    void listFiltersByStateWhetherFinalOrNot() {
        NewTask done = accept(task());
        NewTask waiting = accept(task());
        outcomes.store(List.of(succeeded(done, 1, "x")));

        assertThat(list(TaskState.SUCCEEDED)).containsExactly(done.id());
        assertThat(list(TaskState.ACCEPTED)).containsExactly(waiting.id());
    }

    @Test
    void oneBadTaskOfAGroupDoesNotFailTheOthers() {
        NewTask twice = task();
        accept(twice);
        try (StoredTasks tasks = tasks()) {
            var good = tasks.submit(task());
            var bad = tasks.submit(twice);
            var alsoGood = tasks.submit(task());

            assertThat(good.join().state()).isEqualTo(TaskState.ACCEPTED);
            assertThat(alsoGood.join().state()).isEqualTo(TaskState.ACCEPTED);
            assertThat(bad).failsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void requestWithAKeyIsAcceptedOnce() {
        try (StoredTasks tasks = tasks()) {
            tasks.submitOnce(task(), new OnceKey("k", null)).join();

            assertThat(tasks.submitOnce(task(), new OnceKey("k", null)))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(DuplicateTaskException.class);
            assertThat(list(TaskState.ACCEPTED)).hasSize(1);
        }
    }

    @Test
    void taskIsDispatchedAfterItsCommitWhereThereIsRoom() {
        dispatchAtOnce = true;
        try (StoredTasks tasks = tasks()) {
            UUID id = tasks.submit(task()).join().id();

            assertThat(dispatched).extracting(OpenTask::id).containsExactly(id);
            assertThat(open.count()).isEqualTo(1);
            assertThat(open.claim(LANE, 10)).isEmpty();
        }
    }

    @Test
    void waiterIsWokenByTheFinalState() {
        try (StoredTasks tasks = tasks()) {
            NewTask task = task();
            tasks.submit(task).join();
            var waiting =
                    java.util.concurrent.CompletableFuture.supplyAsync(
                            () -> tasks.await("acme", task.id(), Duration.ofSeconds(20)));

            outcomes.tell(outcomes.store(List.of(succeeded(task, 1, "x"))));

            assertThat(waiting.join().orElseThrow().state()).isEqualTo(TaskState.SUCCEEDED);
        }
    }

    @Test
    void erasedTaskHasNoContentLeft() {
        NewTask task = accept(task());
        outcomes.store(List.of(succeeded(task, 1, "secret")));

        assertThat(store.erase("other", task.id())).isFalse();
        assertThat(store.erase("acme", task.id())).isTrue();

        TaskView left = store.find("acme", task.id()).orElseThrow();
        assertThat(left.result()).isNull();
        assertThat(left.metadata()).isEmpty();
        assertThat(jdbc.queryForObject("select count(*) from task_input", Integer.class)).isZero();
    }

    @Test
    void tasksOfADayLieInThatDaysPartition() {
        accept(task());

        String partition =
                jdbc.queryForObject(
                        "select tableoid::regclass::text from task limit 1", String.class);
        assertThat(partition)
                .isEqualTo(
                        "task_"
                                + java.time.LocalDate.now(java.time.ZoneOffset.UTC)
                                        .toString()
                                        .replace("-", ""));
    }

    @Test
    void partitionsWhoseTimeIsOverAreDropped() {
        jdbc.update("call ensure_task_partitions(date '2020-01-01', date '2020-01-02')");
        jdbc.update("call drop_task_partitions('task', 30)");

        assertThat(
                        jdbc.queryForObject(
                                "select to_regclass('task_20200101') is null", Boolean.class))
                .isTrue();
        assertThat(
                        jdbc.queryForObject(
                                "select to_regclass('task_input_20200101') is null", Boolean.class))
                .isFalse();
        jdbc.update("call drop_task_partitions('task_input', 7)");
        jdbc.update("call drop_task_partitions('task_output', 7)");
    }

    @Test
    void resultForAnAmqpClientLeavesTheOutboxWhenItIsDelivered() {
        JdbcResultOutbox outbox = new JdbcResultOutbox(jdbc);
        NewTask quiet = accept(task());
        NewTask asking = accept(task(new NewTask.ReplyTo("acme", "inbox", "c-1")));
        outcomes.store(List.of(succeeded(quiet, 1, "x"), succeeded(asking, 1, "y")));

        List<ResultOutbox.Item> claimed = outbox.claim(10);

        assertThat(claimed)
                .singleElement()
                .satisfies(i -> assertThat(i.replyTo().correlationId()).isEqualTo("c-1"));
        assertThat(outbox.claim(10)).isEmpty();
        jdbc.update("update result_outbox set claimed_at = null");
        List<ResultOutbox.Item> replayed = outbox.claim(10);
        outbox.delivered(claimed.stream().map(ResultOutbox.Item::claim).toList());
        assertThat(jdbc.queryForObject("select count(*) from result_outbox", Integer.class))
                .as("the result of the replay is still to be sent")
                .isEqualTo(1);
        outbox.delivered(replayed.stream().map(ResultOutbox.Item::claim).toList());
        assertThat(jdbc.queryForObject("select count(*) from result_outbox", Integer.class))
                .isZero();
    }

    private List<UUID> list(TaskState state) {
        return store
                .list(new TaskFilter("acme", state, null, null, null, null, null, null, 50))
                .stream()
                .map(TaskView::id)
                .toList();
    }

    private TaskState state(NewTask task) {
        return store.find("acme", task.id()).orElseThrow().state();
    }

    private void interrupt(NewTask task, int epoch) {
        var failure =
                new AttemptFailure(
                        1, FailureCode.BACKEND_ERROR, "x", null, Instant.now(), "w", null);
        open.interrupted(List.of(new Interruption(task.id(), epoch, 2, 1, List.of(failure))));
    }

    private StoredTasks tasks() {
        DispatchGate gate =
                new DispatchGate() {
                    @Override
                    public boolean tryClaim(OpenTask task) {
                        return dispatchAtOnce;
                    }

                    @Override
                    public void dispatch(OpenTask task) {
                        dispatched.add(task);
                    }

                    @Override
                    public void admit(String tenant) {}
                };
        Admission everything =
                new Admission() {
                    @Override
                    public void admit(NewTask task, int bytes) {}

                    @Override
                    public void withdraw(NewTask task) {}
                };
        TaskProperties properties = new TaskProperties(2, 500, 5, true);
        return new StoredTasks(store, properties, gate, everything, waiters, meters);
    }

    private NewTask accept(NewTask task) {
        store.insert(
                List.of(new JdbcTaskStore.Acceptance(task, JdbcTaskStore.open(task), false, null)));
        return task;
    }

    private static Progress progress(NewTask task, int epoch, int attempt, TaskState state) {
        return new Progress(
                task.id(), epoch, attempt, state, Instant.now(), "default", null, "test");
    }

    private static FinalOutcome succeeded(NewTask task, int epoch, String result) {
        return outcome(task, epoch, TaskState.SUCCEEDED, null, Json.bytes(result));
    }

    private static FinalOutcome failed(NewTask task, int epoch) {
        return outcome(
                task, epoch, TaskState.FAILED, Failure.of(FailureCode.BACKEND_ERROR, "x"), null);
    }

    private static FinalOutcome outcome(
            NewTask task, int epoch, TaskState state, Failure failure, byte[] result) {
        return new FinalOutcome(
                task.id(),
                epoch,
                state,
                1,
                Instant.now(),
                Instant.now(),
                "default",
                "m",
                "test",
                failure,
                List.of(),
                result);
    }

    private static NewTask task() {
        return task(Instant.now().plusSeconds(3600), null);
    }

    private static NewTask task(Instant deadline) {
        return task(deadline, null);
    }

    private static NewTask task(NewTask.ReplyTo replyTo) {
        return task(Instant.now().plusSeconds(3600), replyTo);
    }

    private static NewTask task(Instant deadline, NewTask.ReplyTo replyTo) {
        return new NewTask(
                Ids.newId(),
                "acme",
                null,
                "chat",
                "any",
                Priority.NORMAL,
                Json.MAPPER.createObjectNode().put("text", "a\0b 😀"),
                null,
                deadline.truncatedTo(java.time.temporal.ChronoUnit.MILLIS),
                Duration.ofMinutes(10),
                null,
                TurnOptions.DEFAULT,
                Map.of("k", "v"),
                null,
                WebhookKind.TASK,
                null,
                replyTo,
                TraceParent.orNew(null),
                null);
    }
}
