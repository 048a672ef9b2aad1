package io.llmfleet.system;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.FleetApi;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** What a tenant has in a fleet, to be found again. */
final class Belongings {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Belongings() {}

    /** A finished task, a file, a finished batch with its output, and what it used: their paths. */
    static List<String> make(PlainCaller shop) {
        String task =
                shop.post("/api/v1/tasks", summary("Parcel 9 arrived.")).path("id").asString();
        String lines =
                IntStream.rangeClosed(1, 3).mapToObj(Belongings::line).collect(joining("\n"));
        String file = shop.upload(lines).path("id").asString();
        String batch =
                shop.post(
                                "/v1/batches",
                                """
                                {"input_file_id": "%s", "endpoint": "/v1/embeddings", "completion_window": "24h"}
                                """
                                        .formatted(file))
                        .path("id")
                        .asString();
        await().atMost(PATIENCE)
                .until(
                        () -> shop.json("/v1/batches/" + batch).path("status").asString(""),
                        "completed"::equals);
        assertThat(state(shop, task)).isEqualTo("SUCCEEDED");
        String output = shop.json("/v1/batches/" + batch).path("output_file_id").asString();
        return List.of(
                "/api/v1/tasks/" + task,
                "/v1/files/" + file,
                "/v1/files/" + file + "/content",
                "/v1/batches/" + batch,
                "/v1/files/" + output + "/content",
                "/api/v1/usage?from=2020-01-01&to=2099-12-31");
    }

    /** Those that were accepted before the action began, out of many that come meanwhile. */
    static Set<String> acceptedBefore(PlainCaller shop, Runnable action) {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        Thread submitting =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!over.get()) {
                                        accepted.add(
                                                shop.post("/api/v1/tasks", summary("More came."))
                                                        .path("id")
                                                        .asString());
                                    }
                                });
        await().until(() -> accepted.size() >= 20);
        Set<String> first = Set.copyOf(accepted);
        action.run();
        over.set(true);
        await().until(() -> !submitting.isAlive());
        assertThat(accepted.size()).as("accepting goes on").isGreaterThan(first.size());
        return first;
    }

    static String state(PlainCaller caller, String task) {
        return await().atMost(PATIENCE)
                .until(() -> caller.json("/api/v1/tasks/" + task), FleetApi::isFinal)
                .path("state")
                .asString();
    }

    private static String summary(String text) {
        return "{\"type\": \"summarize\", \"input\": {\"text\": \"" + text + "\"}}";
    }

    private static String line(int number) {
        return """
                {"custom_id": "line-%d", "method": "POST", "url": "/v1/embeddings", \
                "body": {"model": "builtin-minilm", "input": "Parcel %d arrived."}}"""
                .formatted(number, number);
    }
}
