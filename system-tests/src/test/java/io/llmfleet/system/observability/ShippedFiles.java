package io.llmfleet.system.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files under {@code observability}, as they are shipped. */
final class ShippedFiles {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path PROMETHEUS = ROOT.resolve("observability/prometheus");

    private static final Path DASHBOARDS = ROOT.resolve("observability/grafana/dashboards");
    private static final YAMLMapper YAML = new YAMLMapper();

    private ShippedFiles() {}

    static List<Dashboard> dashboards() {
        return list(DASHBOARDS, ".json").stream().map(Dashboard::read).toList();
    }

    static List<Path> ruleFiles() {
        return list(PROMETHEUS.resolve("rules"), ".yml");
    }

    static List<Path> ruleTests() {
        return Stream.concat(
                        list(PROMETHEUS, ".test.yml").stream(),
                        list(PROMETHEUS.resolve("tests"), ".yml").stream())
                .toList();
    }

    static JsonNode scrapeConfiguration() {
        return yaml(PROMETHEUS.resolve("prometheus.yml"));
    }

    static List<Rule> rules() {
        return ruleFiles().stream().flatMap(file -> Rule.all(yaml(file)).stream()).toList();
    }

    static List<Rule> alerts() {
        return rules().stream().filter(Rule::isAlert).toList();
    }

    static JsonNode yaml(Path file) {
        return YAML.readTree(text(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
