package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Tokens and cost by day and model. */
@Command(
        name = "usage",
        mixinStandardHelpOptions = true,
        description = "Show the tokens and the cost of a tenant, by day and model.")
public final class UsageCommand implements Callable<Integer> {

    private static final String ROW = "%-12s%-32s%10s%14s%14s  %s";

    @Mixin Session session = new Session();

    @Option(names = "--from", description = "The first day; by default the first of this month.")
    String from = "";

    @Option(names = "--to", description = "The last day; by default today.")
    String to = "";

    @Option(names = "--by", description = "day, model, or day,model; by default both.")
    String by = "";

    @Option(names = "--tenant", description = "Another tenant, for administrators.")
    String tenant = "";

    @Override
    public Integer call() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("from", from);
        query.put("to", to);
        query.put("group", by);
        query.put("tenant", tenant);
        JsonNode usage = session.api().get("/usage" + Paths.query(query));
        String rows =
                usage.path("items")
                        .valueStream()
                        .map(UsageCommand::row)
                        .collect(Collectors.joining("\n"));
        String head =
                String.format(Locale.ROOT, ROW, "day", "model", "tasks", "input", "output", "cost");
        session.print(usage, rows.isEmpty() ? "nothing was used" : head + "\n" + rows);
        return 0;
    }

    private static String row(JsonNode entry) {
        return String.format(
                Locale.ROOT,
                ROW,
                entry.path("day").asString(""),
                entry.path("model").asString(""),
                entry.path("tasks").asString(""),
                entry.path("inputTokens").asString(""),
                entry.path("outputTokens").asString(""),
                entry.path("cost").asString(""));
    }
}
