package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** Waits for tasks and turns their end into an exit code. */
final class Waiting {

    private Waiting() {}

    /** The task when it is final, or as it is when the time is over. */
    static JsonNode forFinal(FleetApi api, String id, Duration limit) {
        Instant end = Instant.now().plus(limit);
        JsonNode task = api.await(id);
        while (!FleetApi.isFinal(task) && Instant.now().isBefore(end)) {
            task = api.await(id);
        }
        return task;
    }

    /** Prints the answer, or why there is none. */
    static int report(Session session, JsonNode task) {
        boolean succeeded = task.path("state").asString("").equals("SUCCEEDED");
        if (session.json()) {
            session.out().println(task);
        } else if (succeeded) {
            session.out().println(TaskText.outcome(task));
        } else {
            String outcome = TaskText.outcome(task);
            session.err()
                    .println(
                            "fleet: task "
                                    + task.path("id").asString("")
                                    + " is "
                                    + task.path("state").asString("")
                                    + (outcome.isEmpty() ? "" : ": " + outcome));
        }
        return succeeded ? 0 : FleetException.FAILED;
    }
}
