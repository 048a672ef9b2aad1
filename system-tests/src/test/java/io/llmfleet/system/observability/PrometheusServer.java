package io.llmfleet.system.observability;

import io.llmfleet.cli.local.Ports;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Prometheus that scrapes every two seconds, with the shipped scrape jobs and the shipped rules,
 * whose durations are shortened by {@link FasterRules}.
 */
final class PrometheusServer implements AutoCloseable {

    static final String IMAGE = "prom/prometheus:v3.5.0";

    private static final String FOLDER = "/etc/prometheus/";
    private static final String SHIPPED = "/shipped/";
    private static final String SCRAPES = "2s";
    private static final String EVALUATES = "1s";

    private final HttpClient http = HttpClient.newHttpClient();
    private final GenericContainer<?> container;
    private final String url;

    /**
     * @param targets {@code host:port} by scrape job
     */
    PrometheusServer(Map<String, List<String>> targets) {
        // The fleet listens on the loopback address only, so Prometheus has to be there, too.
        String address = "127.0.0.1:" + Ports.any();
        url = "http://" + address;
        container =
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withNetworkMode("host")
                        .withCopyToContainer(
                                Transferable.of(configuration(targets).toString()),
                                FOLDER + "prometheus.yml")
                        .withCopyFileToContainer(
                                MountableFile.forHostPath(ShippedFiles.PROMETHEUS), SHIPPED)
                        .withCommand(
                                "--config.file=" + FOLDER + "prometheus.yml",
                                "--storage.tsdb.path=/prometheus",
                                "--web.listen-address=" + address)
                        .waitingFor(Wait.forLogMessage(".*Server is ready.*", 1));
        for (Path file : ShippedFiles.ruleFiles()) {
            container.withCopyToContainer(
                    Transferable.of(FasterRules.of(ShippedFiles.yaml(file)).toString()),
                    FOLDER + "rules/" + file.getFileName());
        }
    }

    void start() {
        container.start();
    }

    /** The shipped one; only times, and where the targets come from, are others. */
    private static JsonNode configuration(Map<String, List<String>> targets) {
        ObjectNode all = (ObjectNode) ShippedFiles.scrapeConfiguration();
        all.putObject("global")
                .put("scrape_interval", SCRAPES)
                .put("scrape_timeout", SCRAPES)
                .put("evaluation_interval", EVALUATES);
        for (JsonNode job : all.path("scrape_configs")) {
            ObjectNode one = (ObjectNode) job;
            one.remove("dns_sd_configs");
            ArrayNode addresses = one.putArray("static_configs").addObject().putArray("targets");
            targets.getOrDefault(job.path("job_name").asString(""), List.of())
                    .forEach(addresses::add);
        }
        return all;
    }

    /** Vector or scalar; empty if there is nothing now. */
    JsonNode query(String expression) {
        JsonNode data = get("/api/v1/query", "query", expression);
        return data.path("result");
    }

    /** The first value; NaN if there is none. */
    double value(String expression) {
        return query(expression).path(0).path("value").path(1).asDouble(Double.NaN);
    }

    /** How many series it has had since then. */
    int seriesSince(Instant start, String expression) {
        return get(
                        "/api/v1/query_range",
                        "query",
                        expression,
                        "start",
                        Long.toString(start.getEpochSecond()),
                        "end",
                        Long.toString(Instant.now().getEpochSecond()),
                        "step",
                        "1")
                .path("result")
                .size();
    }

    /** Values of a label of the series that a selector has had. */
    Set<String> labelValues(String selector, String label) {
        Set<String> values = new TreeSet<>();
        for (JsonNode series : get("/api/v1/series", "match[]", selector)) {
            if (series.has(label)) {
                values.add(series.path(label).asString(""));
            }
        }
        return values;
    }

    /** Selectors of an expression, as Prometheus parses it. */
    List<String> selectors(String expression) {
        List<String> found = new ArrayList<>();
        collect(get("/api/v1/parse_query", "query", expression), found);
        return found;
    }

    private static void collect(JsonNode node, List<String> found) {
        if (node.path("type").asString("").equals("vectorSelector")) {
            found.add(selector(node));
        }
        node.forEach(child -> collect(child, found));
    }

    private static String selector(JsonNode node) {
        List<String> matchers = new ArrayList<>();
        for (JsonNode m : node.path("matchers")) {
            matchers.add(
                    m.path("name").asString("")
                            + m.path("type").asString("")
                            + Json.write(m.path("value").asString("")));
        }
        return "{" + String.join(",", matchers) + "}";
    }

    /** Alerts that fire now. */
    Set<String> firing() {
        return names(query("ALERTS{alertstate=\"firing\"}"));
    }

    /** Alerts that fired at any time since then. */
    Set<String> firedSince(Instant start) {
        long seconds = 1 + Duration.between(start, Instant.now()).toSeconds();
        return names(query("max_over_time(ALERTS{alertstate=\"firing\"}[" + seconds + "s])"));
    }

    /** Whether every target is scraped. */
    boolean scrapesAll() {
        return !query("min(up) == 1").isEmpty();
    }

    private static Set<String> names(JsonNode alerts) {
        Set<String> names = new TreeSet<>();
        alerts.forEach(a -> names.add(a.path("metric").path("alertname").asString("")));
        return names;
    }

    /** Rules that could not be evaluated, with their errors. */
    List<String> brokenRules() {
        List<String> broken = new ArrayList<>();
        for (JsonNode group : get("/api/v1/rules").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (!rule.path("health").asString("").equals("ok")) {
                    broken.add(rule.path("name").asString("") + ": " + rule.path("lastError"));
                }
            }
        }
        return broken;
    }

    /** What {@code promtool} says to the shipped files; null if it is content. */
    @org.jspecify.annotations.Nullable
    String promtool(String... arguments) {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        try {
            var result = container.execInContainer(command.toArray(String[]::new));
            return result.getExitCode() == 0 ? null : result.getStdout() + result.getStderr();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where a shipped file is in the container. */
    static String shipped(Path file) {
        return SHIPPED + ShippedFiles.PROMETHEUS.relativize(file);
    }

    private JsonNode get(String path, String... parameters) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? "?" : "&")
                    .append(encode(parameters[i]))
                    .append("=")
                    .append(encode(parameters[i + 1]));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path + query)).build();
        try {
            String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            JsonNode answer = Json.MAPPER.readTree(body);
            if (!answer.path("status").asString("").equals("success")) {
                throw new IllegalStateException(answer.path("error").asString("") + ": " + query);
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        container.stop();
    }
}
