package io.llmfleet.system.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A rule of a rule file.
 *
 * @param name of the alert, or of the series that it records
 */
record Rule(
        String name,
        boolean isAlert,
        String expression,
        Map<String, String> labels,
        Map<String, String> annotations) {

    static List<Rule> all(JsonNode file) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : file.path("groups")) {
            group.path("rules").forEach(rule -> rules.add(of(rule)));
        }
        return rules;
    }

    private static Rule of(JsonNode rule) {
        boolean alert = rule.has("alert");
        return new Rule(
                rule.path(alert ? "alert" : "record").asString(""),
                alert,
                rule.path("expr").asString(""),
                texts(rule.path("labels")),
                texts(rule.path("annotations")));
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> all = new TreeMap<>();
        node.properties().forEach(e -> all.put(e.getKey(), e.getValue().asString("")));
        return all;
    }
}
