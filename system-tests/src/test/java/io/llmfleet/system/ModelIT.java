package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import io.llmfleet.capacity.ServiceTime;
import io.llmfleet.capacity.WaitingLine;
import io.llmfleet.cli.FleetApi;
import io.llmfleet.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the fleet predicts of its waits, against the waits that it then has. */
@Disabled("fails: run once, 27 % too low at rho 0.5 and 17 % too high at 0.9, within 15 % at 0.7")
class ModelIT {

    private static final Logger log = LoggerFactory.getLogger(ModelIT.class);

    private static final int SLOTS = 2;

    /** Long beside what the fleet adds to a call, which the machine decides. */
    private static final double SERVICE = 0.2;

    @TempDir static Path folder;
    private static RunningFleet fleet;
    private static FleetApi api;
    private static HttpClient client;

    /** What a slot is held beyond the backend's time, in seconds. */
    private static double beyond;

    @BeforeAll
    static void up() {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        fleet =
                RunningFleet.start(
                        folder, Map.of("FLEET_SLOTS", "" + SLOTS, "FLEET_INSTANT_ENABLED", "true"));
        api = fleet.api();
        for (int i = 0; i < 150; i++) {
            send(0.02).join();
        }
        await().pollDelay(Duration.ofSeconds(11)).until(() -> true);
        for (int i = 0; i < 40; i++) {
            send(0.1).join();
        }
        beyond = pool(10).path("serviceTime").asDouble() - 0.1;
        log.info("a slot is held {} s beyond the backend's time", beyond);
    }

    @AfterAll
    static void down() {
        client.close();
        if (fleet != null) {
            fleet.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 250", "0.7, 400", "0.9, 630"})
    void predictedMeanWaitIsTheMeasuredOne(double rho, int tasks) {
        WaitingLine line =
                new WaitingLine(rho * SLOTS / SERVICE, SLOTS, ServiceTime.exponential(SERVICE));
        Workload workload = Workload.of(line, tasks);

        run(workload);
        JsonNode pool = pool((int) Math.round(workload.seconds()));

        JsonNode waits = pool.path("waits");
        log.info("rho {}: ideal {} s; {}", rho, workload.idealWait(SLOTS), pool);
        assertThat(waits.path("predicted").asDouble())
                .as("predicted, in %s", pool)
                .isCloseTo(waits.path("measured").asDouble(), withinPercentage(15));
        assertThat(pool.path("utilisation").asDouble()).isBetween(rho - 0.05, rho + 0.05);
        assertThat(pool.at("/little/ratio").asDouble()).isBetween(0.8, 1.25);
        await().atMost(Duration.ofMinutes(1)).until(ModelIT::isIdle);
    }

    /** Each when it is due, whatever became of those before. */
    private static void run(Workload workload) {
        long due = System.nanoTime();
        for (int i = 0; i < workload.gaps().length; i++) {
            due += (long) (workload.gaps()[i] * TimeUnit.SECONDS.toNanos(1));
            LockSupport.parkNanos(due - System.nanoTime());
            var _ = send(Math.max(0, workload.services()[i] - beyond), false);
        }
    }

    private static boolean isIdle() {
        return pool(10).path("queueLength").asInt(-1) == 0;
    }

    private static JsonNode pool(int window) {
        return api.get("/capacity?pool=default&window=" + window).path("pools").path(0);
    }

    /** Completes when the task is done. */
    private static CompletableFuture<HttpResponse<String>> send(double seconds) {
        return send(seconds, true);
    }

    private static CompletableFuture<HttpResponse<String>> send(double seconds, boolean wait) {
        ObjectNode task =
                Json.MAPPER.createObjectNode().put("type", "generate").put("target", "instant");
        task.putObject("input").put("prompt", "ok");
        task.putObject("parameters").put("instantMillis", seconds * 1000);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(fleet.url() + "/api/v1/tasks"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + fleet.key())
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(task)));
        if (wait) {
            request.header("Prefer", "wait=30");
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
