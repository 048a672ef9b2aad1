package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Many tasks by one bulk request, from the first accept to the last stored final. */
final class BulkRun {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final FleetApi api;
    private final int tasks;
    private final int payloadBytes;
    private Instant seenFinished = Instant.MIN;

    BulkRun(FleetApi api, int tasks, int payloadBytes) {
        this.api = api;
        this.tasks = tasks;
        this.payloadBytes = payloadBytes;
    }

    /** Tasks a second. */
    double run() {
        List<ObjectNode> lines = Collections.nCopies(tasks, task(payloadBytes));
        List<JsonNode> answer = api.submitBulk(lines);
        JsonNode batch = await(answer.getFirst().path("batch").asString());
        int succeeded = batch.path("states").path("SUCCEEDED").asInt();
        if (succeeded != tasks) {
            throw new FleetException(
                    "only " + succeeded + " of " + tasks + " tasks succeeded: " + batch);
        }
        Instant first = Instant.parse(batch.path("createdAt").asString());
        return tasks / (Duration.between(first, seenFinished).toNanos() / 1e9);
    }

    static ObjectNode task(int payloadBytes) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "generate");
        task.putObject("input").put("prompt", "x".repeat(payloadBytes));
        return task;
    }

    private JsonNode await(String batch) {
        Instant end = Instant.now().plus(LIMIT);
        while (Instant.now().isBefore(end)) {
            JsonNode now = api.get("/batches/" + batch);
            if (now.path("finished").asBoolean()) {
                seenFinished = Instant.now();
                return now;
            }
            pause();
        }
        throw new FleetException("the tasks were not done after " + LIMIT.toMinutes() + " minutes");
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
