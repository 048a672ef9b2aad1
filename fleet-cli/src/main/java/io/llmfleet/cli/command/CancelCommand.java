package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Cancels a task. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Cancel a task: it never starts, or its running call is aborted.")
public final class CancelCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "The task's id.")
    String id = "";

    @Override
    public void run() {
        JsonNode task =
                session.api()
                        .post(
                                "/tasks/" + Paths.part(id) + "/cancel",
                                Json.MAPPER.createObjectNode());
        session.print(task, "the task is " + task.path("state").asString(""));
    }
}
