package io.llmfleet.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A capacity as people read it; what is not known is a dash. */
final class CapacityText {

    private static final String ROW = "%-16s%10s%10s%10s%8s%12s%12s";

    private CapacityText() {}

    static String of(JsonNode capacity) {
        List<String> lines = new ArrayList<>();
        capacity.path("pools").forEach(pool -> addPool(lines, pool));
        if (lines.isEmpty()) {
            lines.add("no pool has workers or had tasks lately");
        }
        JsonNode whatIf = capacity.path("whatIf");
        if (whatIf.isObject()) {
            addForecast(lines, whatIf);
        }
        return String.join("\n", lines);
    }

    private static void addPool(List<String> lines, JsonNode pool) {
        lines.add(
                "pool %s: %s workers, c = %s slots, rho = %s"
                        .formatted(
                                pool.path("pool").asString(),
                                pool.path("workers").asString(),
                                pool.path("slots").asString(),
                                number(pool.path("utilisation"))));
        lines.add(
                "  service time %s s (cv %s), mu = %s/s; L = %s now, %s on average; W = %s s; L / (lambda W) = %s"
                        .formatted(
                                number(pool.path("serviceTime")),
                                number(pool.path("serviceVariation")),
                                number(pool.path("serviceRate")),
                                pool.path("queueLength").asString(),
                                number(pool.at("/little/length")),
                                number(pool.at("/little/timeInSystem")),
                                number(pool.at("/little/ratio"))));
        lines.add(row("  priority", "lambda/s", "V/s", "P/s", "L", "wait s", "predicted"));
        pool.path("priorities")
                .forEach(
                        c ->
                                lines.add(
                                        row(
                                                "  " + c.path("priority").asString(),
                                                c,
                                                c.path("waitMeasured"),
                                                c.path("waitPredicted"))));
        lines.add(row("  all", pool, pool.at("/waits/measured"), pool.at("/waits/predicted")));
    }

    private static String row(String name, JsonNode one, JsonNode measured, JsonNode predicted) {
        return row(
                name,
                number(one.path("arrivalRate")),
                number(one.path("deliveryRate")),
                number(one.path("processingRate")),
                one.path("queueLength").asString(),
                number(measured),
                number(predicted));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells);
    }

    private static void addForecast(List<String> lines, JsonNode f) {
        lines.add(
                "if %s tasks/s came to %s slots, with %s s (cv %s) each: rho = %s"
                        .formatted(
                                number(f.path("rate")),
                                f.path("slots").asString(),
                                number(f.path("serviceTime")),
                                number(f.path("serviceVariation")),
                                number(f.path("utilisation"))));
        lines.add(
                f.path("stable").asBoolean()
                        ? "  mean wait %s s, 95 %% wait up to %s s; W = %s s, L = %s"
                                .formatted(
                                        number(f.path("meanWait")),
                                        number(f.path("waitP95")),
                                        number(f.path("timeInSystem")),
                                        number(f.path("queueLength")))
                        : "  more than can be done: the line grows without end");
        if (f.has("slotsNeeded")) {
            lines.add(
                    "  for that wait: %s slots, %s workers"
                            .formatted(
                                    f.path("slotsNeeded").asString(),
                                    f.path("workersNeeded").asString()));
        }
    }

    private static String number(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.3f", value.asDouble()) : "-";
    }
}
