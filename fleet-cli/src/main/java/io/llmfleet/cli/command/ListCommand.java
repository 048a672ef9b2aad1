package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists tasks. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List tasks, newest first.")
public final class ListCommand implements Runnable {

    @Mixin Session session = new Session();

    @Option(names = "--state", description = "Such as SUCCEEDED or FAILED.")
    String state = "";

    @Option(names = "--type", description = "Such as chat.")
    String type = "";

    @Option(names = "--batch", description = "Id of a batch.")
    String batch = "";

    @Option(names = "--after", description = "Go on after this id.")
    String after = "";

    @Option(names = "--limit", defaultValue = "20", description = "At most (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public void run() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("state", state);
        query.put("type", type);
        query.put("batch", batch);
        query.put("after", after);
        query.put("limit", Integer.toString(limit));
        JsonNode page = session.api().get("/tasks" + Paths.query(query));
        String rows =
                StreamSupport.stream(page.path("items").spliterator(), false)
                        .map(TaskText::row)
                        .collect(Collectors.joining("\n"));
        String next = page.path("next").asString("");
        session.print(
                page,
                (rows.isEmpty() ? "no tasks" : rows)
                        + (next.isEmpty() ? "" : "\nmore: ./fleet list --after " + next));
    }
}
