package io.llmfleet.system.observability;

import io.llmfleet.wire.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A dashboard file.
 *
 * @param panels rows left out
 * @param variables that take their values from labels
 */
record Dashboard(
        String file,
        JsonNode json,
        List<Panel> panels,
        List<JsonNode> rows,
        List<Variable> variables) {

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    /**
     * One panel.
     *
     * @param expressions of its queries
     */
    record Panel(String title, JsonNode json, List<String> expressions) {}

    /**
     * Something to choose from.
     *
     * @param query {@code label_values(<selector>, <label>)}
     */
    record Variable(String name, String query) {}

    static Dashboard read(Path file) {
        JsonNode json = Json.MAPPER.readTree(ShippedFiles.text(file));
        List<Panel> panels = new ArrayList<>();
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            if (panel.path("type").asString("").equals("row")) {
                rows.add(panel);
            } else {
                panels.add(panel(panel));
            }
        }
        List<Variable> variables = new ArrayList<>();
        for (JsonNode variable : json.path("templating").path("list")) {
            if (variable.path("type").asString("").equals("query")) {
                String query = variable.path("query").path("query").asString("");
                variables.add(new Variable(variable.path("name").asString(""), query));
            }
        }
        return new Dashboard(String.valueOf(file.getFileName()), json, panels, rows, variables);
    }

    private static Panel panel(JsonNode panel) {
        List<String> expressions = new ArrayList<>();
        panel.path("targets").forEach(t -> expressions.add(t.path("expr").asString("")));
        return new Panel(panel.path("title").asString(""), panel, expressions);
    }

    /**
     * All values of each variable, joined as Grafana does if all are chosen.
     *
     * @param labelValues of a selector and a label
     */
    Map<String, String> choices(BiFunction<String, String, Set<String>> labelValues) {
        Map<String, String> values = new TreeMap<>();
        values.put("__rate_interval", "10s");
        for (Variable variable : variables) {
            Matcher query = LABEL_VALUES.matcher(variable.query());
            if (!query.matches()) {
                throw new IllegalStateException("not label_values: " + variable.query());
            }
            Set<String> found = labelValues.apply(query.group(1), query.group(2));
            if (found.isEmpty()) {
                throw new IllegalStateException("nothing to choose from: " + variable.query());
            }
            values.put(variable.name(), String.join("|", found));
        }
        return values;
    }

    static String substitute(String expression, Map<String, String> choices) {
        String text = expression;
        for (Map.Entry<String, String> choice : choices.entrySet()) {
            text = text.replace("$" + choice.getKey(), choice.getValue());
        }
        return text;
    }
}
