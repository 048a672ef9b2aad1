package io.llmfleet.producer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmfleet.model.Ids;
import io.llmfleet.model.Priority;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.StoreUnderTest;
import io.llmfleet.producer.task.LaneLooks.Untaken;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What the dispatch sees of its lanes, on a real PostgreSQL. */
class LaneLooksIT {

    private static final Lane CHAT = new Lane("acme", Priority.NORMAL, "any", "chat");
    private static final Duration LEAST = Duration.ofSeconds(30);

    private static StoreUnderTest tables;
    private static JdbcTemplate jdbc;
    private static TransactionTemplate transactions;

    private final LaneLooks looks = new JdbcLaneLooks(jdbc, transactions);

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
        jdbc.execute("truncate task_open");
    }

    @Test
    void lanesAreSeenByTenantPriorityTargetAndType() {
        waits(CHAT);
        waits(CHAT);
        waits(new Lane("acme", Priority.NORMAL, "any", "embed"));
        waits(new Lane("acme", Priority.HIGH, "any", "chat"));
        waits(new Lane("acme", Priority.NORMAL, "big", "chat"));
        sent(new Lane("other", Priority.NORMAL, "any", "chat"), TaskState.QUEUED, 0);

        assertThat(look().lanes())
                .extracting(l -> l.lane().tenant(), LaneLook::waiting, LaneLook::inBroker)
                .containsExactlyInAnyOrder(
                        tuple("acme", 2L, 0L),
                        tuple("acme", 1L, 0L),
                        tuple("acme", 1L, 0L),
                        tuple("acme", 1L, 0L),
                        tuple("other", 0L, 1L));
    }

    @Test
    void waitingTasksAreCountedUpToTheLimit() {
        for (int i = 0; i < 12; i++) {
            waits(CHAT);
        }

        assertThat(looks.look(Instant.now(), new Untaken(Map.of(), LEAST, Set.of()), 10).lanes())
                .singleElement()
                .satisfies(l -> assertThat(l.waiting()).isEqualTo(10));
    }

    @Test
    void taskThatNoWorkerHasIsUntakenWhenPatienceEnds() {
        sent(CHAT, TaskState.ROUTED, 4);
        sent(CHAT, TaskState.ROUTED, 60);
        sent(CHAT, TaskState.RUNNING, 60);
        sent(CHAT, TaskState.RETRYING, 60);

        LaneLook impatient = look().lanes().getFirst();
        LaneLook patient = patient(Duration.ofSeconds(100)).lanes().getFirst();

        assertThat(impatient.untaken()).isEqualTo(1);
        assertThat(impatient.inLine()).isEqualTo(2);
        assertThat(patient.untaken()).isZero();
        assertThat(patient.inLine()).isEqualTo(3);
    }

    @Test
    void whatAPoolWithoutWorkersHasNeitherRunsNorIsInLine() {
        sent(CHAT, TaskState.QUEUED, 4);
        sent(CHAT, TaskState.ROUTED, 4);
        sent(CHAT, TaskState.ROUTED, 60);
        sent(CHAT, TaskState.RUNNING, 60);
        jdbc.update("update task_open set pool = 'dead' where state > 1");
        Duration patience = Duration.ofSeconds(100);

        LaneLook alive = look(patience, Set.of("dead")).lanes().getFirst();
        LaneLook dead = look(patience, Set.of("other")).lanes().getFirst();

        assertThat(alive.running()).isEqualTo(1);
        assertThat(alive.inLine()).isEqualTo(4);
        assertThat(dead.running()).isZero();
        assertThat(dead.takenSeconds()).isZero();
        assertThat(dead.inLine()).isEqualTo(2);
    }

    @Test
    void timeOfTakenTasksIsCountedFromTheirDispatch() {
        sent(CHAT, TaskState.RUNNING, 30);
        sent(CHAT, TaskState.RUNNING, 50);

        assertThat(look().lanes().getFirst().takenSeconds()).isBetween(40.0, 45.0);
    }

    @Test
    void laterAttemptIsCountedFromItsStart() {
        sent(CHAT, TaskState.RUNNING, 600);
        jdbc.update("update task_open set attempt = 2, started_at = now() - interval '3 s'");

        assertThat(look().lanes().getFirst().takenSeconds()).isBetween(3.0, 8.0);
    }

    @Test
    void heldTurnsAreNotSeen() {
        waits(CHAT);
        jdbc.update("update task_open set claimed_at = 'infinity'");

        assertThat(look().lanes()).isEmpty();
    }

    private LaneLooks.Look look() {
        return patient(LEAST);
    }

    private LaneLooks.Look patient(Duration patience) {
        return look(patience, Set.of());
    }

    private LaneLooks.Look look(Duration patience, Set<String> pools) {
        Untaken untaken = new Untaken(Map.of(CHAT.target(), patience), LEAST, pools);
        return looks.look(Instant.now(), untaken, 1_000);
    }

    private void waits(Lane lane) {
        insert(lane, TaskState.ACCEPTED, null);
    }

    private void sent(Lane lane, TaskState state, int secondsAgo) {
        insert(lane, state, secondsAgo);
    }

    private void insert(Lane lane, TaskState state, @Nullable Integer secondsAgo) {
        jdbc.update(
                """
                insert into task_open (task_id, tenant, type, target, priority, state, epoch, fence, attempt, deadline,
                    claimed_at, started_at)
                values (?, ?, ?, ?, ?, ?, 1, 1, 1, now() + interval '1 hour',
                    now() - ?::int * interval '1 s', now() - ?::int * interval '1 s')
                """,
                Ids.newId(),
                lane.tenant(),
                lane.type(),
                lane.target(),
                lane.priority().ordinal(),
                state.number(),
                secondsAgo,
                secondsAgo);
    }
}
