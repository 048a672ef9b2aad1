package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** Waits for runs of pipelines. */
final class Runs {

    private static final long POLL_MS = 250;

    private Runs() {}

    /** The run when it is final or waits for somebody, or as it is when the time is over. */
    static JsonNode await(FleetApi api, String id, Duration limit) {
        Instant end = Instant.now().plus(limit);
        JsonNode run = api.get("/runs/" + id);
        while (!FleetApi.isFinal(run) && waiting(run).isEmpty() && Instant.now().isBefore(end)) {
            pause();
            run = api.get("/runs/" + id);
        }
        return run;
    }

    /** The step that waits for an input while nothing else is under way, or nothing. */
    static String waiting(JsonNode run) {
        boolean busy =
                run.path("steps")
                        .valueStream()
                        .anyMatch(s -> s.path("state").asString("").equals("RUNNING"));
        return busy
                ? ""
                : run.path("steps")
                        .valueStream()
                        .filter(s -> s.path("state").asString("").equals("WAITING"))
                        .map(s -> s.path("id").asString(""))
                        .findFirst()
                        .orElse("");
    }

    static boolean succeeded(JsonNode run) {
        return run.path("state").asString("").equals("SUCCEEDED");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
