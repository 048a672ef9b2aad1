package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what a task says. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Cancel a task if it is not final, and remove its input and its answer.")
public final class DeleteCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "The task's id.")
    String id = "";

    @Override
    public void run() {
        session.api().delete("/tasks/" + Paths.part(id));
        session.print(Map.of("deleted", id), "deleted the content of " + id);
    }
}
