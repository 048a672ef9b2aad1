package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Which page of a list is wanted; prints it with the command that prints the next. */
final class PageOptions {

    private static final String AFTER = "--after";
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

    @Spec(Spec.Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    @Option(names = AFTER, defaultValue = "", description = "Go on after this id.")
    String after = "";

    @Option(names = "--limit", defaultValue = "20", description = "At most (${DEFAULT-VALUE}).")
    int limit;

    /**
     * @param filter parameters that say which items are meant; empty ones are left out
     * @param row an item as a line
     * @param none what to print where there are no items
     */
    void print(
            Session session,
            String path,
            Map<String, String> filter,
            Function<JsonNode, String> row,
            String none) {
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("after", after);
        query.put("limit", Integer.toString(limit));
        JsonNode page = session.api().get(path + Paths.query(query));
        String rows = page.path("items").valueStream().map(row).collect(Collectors.joining("\n"));
        String next = page.path("next").asString("");
        session.print(
                page,
                (rows.isEmpty() ? none : rows)
                        + (next.isEmpty() ? "" : "\nmore: ./fleet " + again(typed(), next)));
    }

    private List<String> typed() {
        return command.root().commandLine().getParseResult().originalArgs();
    }

    /** What was typed, from another id on. */
    static String again(List<String> typed, String next) {
        List<String> words = new ArrayList<>(typed);
        int at = words.indexOf(AFTER);
        if (at >= 0) {
            words.subList(at, Math.min(at + 2, words.size())).clear();
        }
        words.removeIf(w -> w.startsWith(AFTER + "="));
        words.addAll(List.of(AFTER, next));
        return words.stream().map(PageOptions::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
