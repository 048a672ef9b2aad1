package io.llmfleet.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a cluster is told, resource by resource. */
record Manifests(List<JsonNode> all) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** Kinds whose pods are the fleet's to describe. */
    private static final List<String> WITH_PODS = List.of("Deployment", "StatefulSet", "Job");

    Manifests(String yaml) {
        this(parse(yaml));
    }

    private static List<JsonNode> parse(String yaml) {
        List<JsonNode> all = new ArrayList<>();
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).forEachRemaining(all::add);
        return List.copyOf(all);
    }

    Stream<JsonNode> kind(String kind) {
        return all.stream().filter(r -> r.path("kind").asString().equals(kind));
    }

    JsonNode one(String kind, String name) {
        List<JsonNode> found = kind(kind).filter(r -> name(r).equals(name)).toList();
        assertThat(found).as("%s %s", kind, name).hasSize(1);
        return found.getFirst();
    }

    boolean has(String kind, String name) {
        return kind(kind).anyMatch(r -> name(r).equals(name));
    }

    Stream<JsonNode> withPods() {
        return all.stream().filter(r -> WITH_PODS.contains(r.path("kind").asString()));
    }

    /** The pods of a workload, as its template has them. */
    static JsonNode podSpec(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static Stream<JsonNode> containers(JsonNode workload) {
        JsonNode pod = podSpec(workload);
        return Stream.concat(each(pod.path("containers")), each(pod.path("initContainers")));
    }

    static Map<String, String> podLabels(JsonNode workload) {
        return strings(workload.at("/spec/template/metadata/labels"));
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asString();
    }

    static String called(JsonNode resource) {
        return resource.path("kind").asString() + " " + name(resource);
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> all = new TreeMap<>();
        object.properties().forEach(e -> all.put(e.getKey(), e.getValue().asString()));
        return all;
    }

    /** Whether a label selector takes these labels. */
    static boolean selects(JsonNode selector, Map<String, String> labels) {
        boolean all =
                labels.entrySet().containsAll(strings(selector.path("matchLabels")).entrySet());
        return all
                && each(selector.path("matchExpressions"))
                        .allMatch(
                                e -> {
                                    assertThat(e.path("operator").asString()).isEqualTo("In");
                                    String value = labels.get(e.path("key").asString());
                                    return each(e.path("values"))
                                            .anyMatch(v -> v.asString().equals(value));
                                });
    }

    /** Each object of this field name, wherever it is in a resource. */
    static Stream<JsonNode> everywhere(JsonNode resource, String field) {
        return resource.findValues(field).stream();
    }
}
