package io.llmfleet.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Tasks and their answers as people read them. */
public final class TaskText {

    private static final int SHOWN_NUMBERS = 4;

    private TaskText() {}

    /** The answer, or the failure. */
    public static String outcome(JsonNode task) {
        if (task.has("failure")) {
            JsonNode failure = task.get("failure");
            return failure.path("code").asString("") + ": " + failure.path("message").asString("");
        }
        return task.has("result") ? output(task.get("result").path("output")) : "";
    }

    /** The part of an output that answers; the JSON where it is of no built-in type. */
    public static String output(JsonNode output) {
        if (output.has("choices")) {
            return output.path("choices").path(0).path("message").path("content").asString("");
        }
        if (output.has("label")) {
            return labels(output);
        }
        if (output.has("answer")) {
            return answer(output);
        }
        if (output.has("keyPhrases")) {
            return join(output.get("keyPhrases"), "phrase", ", ");
        }
        if (output.has("data")) {
            return vectors(output.get("data"));
        }
        for (String field : new String[] {"summary", "text", "translation"}) {
            if (output.has(field)) {
                return output.get(field).asString("");
            }
        }
        return output.toPrettyString();
    }

    private static String labels(JsonNode output) {
        String scores =
                StreamSupport.stream(output.path("scores").spliterator(), false)
                        .map(
                                s ->
                                        s.path("label").asString("")
                                                + " "
                                                + number(s.path("score").asDouble()))
                        .collect(Collectors.joining(", "));
        return output.get("label").asString("") + (scores.isEmpty() ? "" : "  (" + scores + ")");
    }

    private static String answer(JsonNode output) {
        String passages =
                StreamSupport.stream(output.path("passages").spliterator(), false)
                        .map(
                                p ->
                                        "\n  "
                                                + number(p.path("score").asDouble())
                                                + "  "
                                                + p.path("text").asString(""))
                        .collect(Collectors.joining());
        return output.get("answer").asString("") + passages;
    }

    private static String vectors(JsonNode data) {
        return StreamSupport.stream(data.spliterator(), false)
                .map(d -> vector(d.path("embedding")))
                .collect(Collectors.joining("\n"));
    }

    private static String vector(JsonNode numbers) {
        String first =
                IntStream.range(0, Math.min(SHOWN_NUMBERS, numbers.size()))
                        .mapToObj(i -> number(numbers.get(i).asDouble()))
                        .collect(Collectors.joining(", "));
        return numbers.size() + " numbers: " + first + ", ...";
    }

    private static String join(JsonNode items, String field, String separator) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(i -> i.path(field).asString(""))
                .collect(Collectors.joining(separator));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Id, type, state, model and why it was routed there, one line each. */
    public static String details(JsonNode task) {
        var text = new StringBuilder();
        line(text, "id", task.path("id"));
        line(text, "type", task.path("type"));
        line(text, "target", task.path("target"));
        line(text, "priority", task.path("priority"));
        line(text, "state", task.path("state"));
        if (task.has("queue")) {
            text.append(named("queue", place(task.get("queue"))));
        }
        line(text, "created", task.path("createdAt"));
        line(text, "finished", task.path("times").path("finishedAt"));
        line(text, "attempts", task.path("attempts"));
        line(text, "pool", task.path("route").path("pool"));
        line(text, "model", task.path("route").path("model"));
        line(text, "why", task.path("route").path("why"));
        String outcome = outcome(task);
        return text + (outcome.isEmpty() ? "" : "\n" + outcome);
    }

    private static void line(StringBuilder text, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            text.append(named(name, value.asString("")));
        }
    }

    private static String named(String name, String value) {
        return String.format(Locale.ROOT, "%-10s%s%n", name, value);
    }

    /** A task's place in line. */
    public static String place(JsonNode queue) {
        String position = "position " + queue.path("position").asString("");
        String start = queue.path("expectedStart").asString("");
        return position
                + (queue.path("atLeast").asBoolean(false) ? " or later" : "")
                + (start.isEmpty() ? "" : ", may start at " + start);
    }

    /** One line of a list. */
    public static String row(JsonNode task) {
        return String.format(
                Locale.ROOT,
                "%-38s%-12s%-18s%-9s%-11s%s",
                task.path("id").asString(""),
                task.path("type").asString(""),
                task.path("target").asString(""),
                task.path("priority").asString(""),
                task.path("state").asString(""),
                task.path("createdAt").asString(""));
    }
}
