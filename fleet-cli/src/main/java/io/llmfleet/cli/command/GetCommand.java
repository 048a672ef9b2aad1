package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Looks a task up. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Show a task and its answer.")
public final class GetCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "The task's id.")
    String id = "";

    @Override
    public void run() {
        JsonNode task = session.api().get("/tasks/" + Paths.part(id));
        session.print(task, TaskText.details(task));
    }
}
