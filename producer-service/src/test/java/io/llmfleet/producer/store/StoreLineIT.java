package io.llmfleet.producer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many requests on few connections to a real database. */
class StoreLineIT {

    private static final int CONNECTIONS = 6;
    private static final int MAX_WAITING = 5;
    private static final String LIST = "/api/v1/tasks";

    private static ProducerUnderTest producer;

    @BeforeAll
    static void start() {
        producer =
                ProducerUnderTest.start(
                        "--spring.datasource.hikari.maximum-pool-size=" + CONNECTIONS,
                        "--spring.datasource.hikari.connection-timeout=60000",
                        "--fleet.store.max-waiting=" + MAX_WAITING);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void refusesNewRequestsWhileTooManyWaitAndServesThoseThatDo() throws Exception {
        StoreLine line = producer.part(StoreLine.class);
        // Its key is known from now on, and not asked for in the line.
        assertThat(producer.get(LIST).status()).isEqualTo(200);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> waiting;
            try (Connection locker = producer.part(DataSource.class).getConnection()) {
                lockTasks(locker);
                waiting = call(callers, CONNECTIONS + MAX_WAITING);
                await().until(line::tooLong);

                Answer refused = producer.get(LIST);

                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                assertThat(refused.json().path("detail").asString())
                        .contains("fewer than " + MAX_WAITING);
                locker.rollback();
                locker.setAutoCommit(true);
            }
            for (Future<Answer> each : waiting) {
                assertThat(each.get().status()).isIn(200, 429);
            }
            assertThat(waiting).anyMatch(each -> each.resultNow().status() == 200);
        }
        await().untilAsserted(() -> assertThat(line.waiting()).isZero());
        assertThat(producer.get(LIST).status()).isEqualTo(200);
    }

    @Test
    void servesAThousandWhoAskAtOnce() throws Exception {
        DataSource store = producer.part(DataSource.class);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> ask =
                    () -> {
                        try (Connection connection = store.getConnection()) {
                            return connection.isValid(5);
                        }
                    };
            List<Future<Boolean>> asked =
                    IntStream.range(0, 1_000).mapToObj(i -> callers.submit(ask)).toList();
            for (Future<Boolean> each : asked) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    private static void lockTasks(Connection locker) throws SQLException {
        locker.setAutoCommit(false);
        try (var statement = locker.createStatement()) {
            statement.execute("lock table task in access exclusive mode");
        }
    }

    private static List<Future<Answer>> call(ExecutorService callers, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> callers.submit(() -> producer.get(LIST)))
                .toList();
    }
}
