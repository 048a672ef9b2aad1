package io.llmfleet.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Runs of pipelines as people read them. */
public final class RunText {

    private RunText() {}

    /** The output, or why there is none, or what it waits for. */
    public static String outcome(JsonNode run) {
        if (run.has("failure")) {
            JsonNode failure = run.get("failure");
            return failure.path("code").asString("") + ": " + failure.path("message").asString("");
        }
        JsonNode output = run.path("output");
        if (output.isMissingNode()) {
            return "run " + run.path("id").asString("") + " is " + run.path("state").asString("");
        }
        return output.isString() ? output.asString() : output.toPrettyString();
    }

    /** The run and a line for each step. */
    public static String details(JsonNode run) {
        String steps =
                run.path("steps")
                        .valueStream()
                        .map(RunText::step)
                        .collect(Collectors.joining("\n"));
        return run.path("pipeline").asString("")
                + "  "
                + run.path("state").asString("")
                + "\n"
                + steps
                + "\n"
                + outcome(run);
    }

    /** A step's state, and how many tasks it has. */
    public static String step(JsonNode step) {
        String waits = step.path("waitsFor").asString("");
        return String.format(
                        Locale.ROOT,
                        "  %-24s%-11s%3d tasks%s",
                        step.path("id").asString(""),
                        step.path("state").asString(""),
                        step.path("tasks").size(),
                        waits.isEmpty() ? "" : "  waits for " + waits)
                .stripTrailing();
    }
}
