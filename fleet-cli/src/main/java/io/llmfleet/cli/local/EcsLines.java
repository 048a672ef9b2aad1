package io.llmfleet.cli.local;

import io.llmfleet.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Turns lines of a log in ECS JSON into lines that people read; others stay as they are. */
public final class EcsLines {

    private static final String START = "{\"@timestamp\"";

    private EcsLines() {}

    /** As many lines as the entry has: a stack trace has several. */
    public static Stream<String> readable(String line) {
        if (!line.startsWith(START)) {
            return Stream.of(line);
        }
        try {
            return entry(Json.MAPPER.readTree(line));
        } catch (JacksonException e) {
            // Not written to its end yet.
            return Stream.of(line);
        }
    }

    public static List<String> readable(List<String> lines) {
        return lines.stream().flatMap(EcsLines::readable).toList();
    }

    private static Stream<String> entry(JsonNode entry) {
        String first =
                String.format(
                        Locale.ROOT,
                        "%s %-5s %s : %s%s",
                        entry.path("@timestamp").asString(""),
                        entry.at("/log/level").asString(""),
                        shortened(entry.at("/log/logger").asString("")),
                        entry.path("message").asString(""),
                        task(entry));
        String trace = entry.at("/error/stack_trace").asString("");
        return Stream.concat(Stream.of(first), trace.lines());
    }

    /** Many lines name their task in their text. */
    private static String task(JsonNode entry) {
        String task = entry.at("/task/id").asString("");
        boolean named = task.isEmpty() || entry.path("message").asString("").contains(task);
        return named ? "" : " (task " + task + ")";
    }

    /** {@code i.l.r.broker.IngressHandler}, as the text format has it. */
    private static String shortened(String logger) {
        String[] parts = logger.split("\\.");
        for (int i = 0; i < parts.length - 2; i++) {
            parts[i] = parts[i].isEmpty() ? "" : parts[i].substring(0, 1);
        }
        return String.join(".", parts);
    }
}
