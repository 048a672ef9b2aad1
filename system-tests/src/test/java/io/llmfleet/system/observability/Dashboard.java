package io.llmfleet.system.observability;

import io.llmfleet.wire.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
