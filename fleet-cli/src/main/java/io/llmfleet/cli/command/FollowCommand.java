package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Prints what happens to a task until it is final. */
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        description = "Print each change of a task until it is final, then its answer.")
public final class FollowCommand implements Callable<Integer> {

    private static final long POLL_MS = 250;

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "The task's id.")
    String id = "";

    @Override
    public Integer call() {
        FleetApi api = session.api();
        String path = "/tasks/" + Paths.part(id);
        String said = "";
        JsonNode task = api.get(path);
        while (true) {
            String now = change(task);
            if (!now.equals(said)) {
                session.err().println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + now);
                said = now;
            }
            if (FleetApi.isFinal(task)) {
                return Waiting.report(session, task);
            }
            pause();
            task = api.get(path);
        }
    }

    private static String change(JsonNode task) {
        JsonNode route = task.path("route");
        return task.path("state").asString("")
                + (route.has("pool") ? "  pool " + route.get("pool").asString() : "")
                + (route.has("model") ? "  model " + route.get("model").asString() : "")
                + (task.path("attempts").asInt(0) > 0
                        ? "  attempt " + task.get("attempts").asInt()
                        : "");
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
