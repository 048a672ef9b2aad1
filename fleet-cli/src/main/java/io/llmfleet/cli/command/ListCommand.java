package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists tasks. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List tasks, newest first.")
public final class ListCommand implements Runnable {

    @Mixin Session session = new Session();

    @Mixin PageOptions page = new PageOptions();

    @Option(names = "--state", description = "Such as SUCCEEDED or FAILED.")
    String state = "";

    @Option(names = "--type", description = "Such as chat.")
    String type = "";

    @Option(names = "--batch", description = "Id of a batch.")
    String batch = "";

    @Override
    public void run() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("state", state);
        query.put("type", type);
        query.put("batch", batch);
        page.print(session, "/tasks", query, TaskText::row, "no tasks");
    }
}
