package io.llmfleet.system.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.ManagementApi;
import io.llmfleet.wire.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Images, docker-compose.yml and ./fleet on them. Skipped where Docker or a base image is missing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {

    private static final List<String> SERVICES =
            List.of("producer-service", "router-service", "worker-service");
    private static final List<String> IMAGES =
            Stream.concat(SERVICES.stream(), Stream.of("fleet-cli"))
                    .map(name -> "llm-fleet/" + name)
                    .toList();
    private static final int WORKERS = 4;
    private static final int TASKS = 200;
    private static final JsonNode TASK =
            json("{\"type\": \"embed\", \"input\": {\"text\": \"a queue\"}}");

    @TempDir static Path folder;
    private static ComposeProject project;
    private static FleetApi api;

    @BeforeAll
    static void up() {
        project = new ComposeProject(folder, "fleet-it-" + ProcessHandle.current().pid());
        Optional<String> problem = project.problem();
        boolean mustRun =
                Boolean.parseBoolean(System.getenv("CI"))
                        && "docker".equals(System.getenv("FLEET_TEST_BROKER"));
        assumeTrue(problem.isEmpty() || mustRun, problem.orElse(""));
        ComposeProject.Output up = project.fleet("up");
        assertThat(up.exit()).as(up.err()).isZero();
        assertThat(up.out())
                .contains(project.url("FLEET_PORT"), project.setting("FLEET_BOOTSTRAP_KEY"));
        api = new FleetApi(project.url("FLEET_PORT"), project.setting("FLEET_BOOTSTRAP_KEY"));
    }

    @AfterAll
    static void down() {
        if (project.problem().isEmpty()) {
            project.compose("--profile", "*", "down", "--volumes", "--timeout", "5");
            for (String image : IMAGES) {
                project.run("docker", "image", "rm", image + ":" + project.setting("FLEET_TAG"));
            }
        }
    }

    @Test
    @Order(1)
    void demoAnswersEveryTask() {
        ComposeProject.Output demo = project.fleet("demo");

        assertThat(demo.exit()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("9 of 9 tasks succeeded");
    }

    @Test
    @Order(1)
    void tellsWhatIsUp() {
        ComposeProject.Output status = project.fleet("status");

        assertThat(status.exit()).as(status.out()).isZero();
        assertThat(status.out()).contains("topology", "rabbitmq", "worker-service");
        assertThat(project.fleet("logs", "producer").out()).contains("Started ");
    }

    @Test
    @Order(1)
    void containersMayDoNextToNothing() {
        for (JsonNode container : containers()) {
            assertThat(container.at("/HostConfig/ReadonlyRootfs").asBoolean())
                    .as("read-only root of %s", name(container))
                    .isTrue();
            assertThat(texts(container.at("/HostConfig/CapDrop"))).containsExactly("ALL");
            assertThat(texts(container.at("/HostConfig/CapAdd"))).isEmpty();
            assertThat(texts(container.at("/HostConfig/SecurityOpt")))
                    .containsExactly("no-new-privileges:true");
            assertThat(container.at("/HostConfig/Memory").asLong()).isPositive();
        }
    }

    @Test
    @Order(1)
    void nothingRunsAsRoot() {
        for (String id : project.compose("ps", "--quiet").lines().toList()) {
            String processes = project.run("docker", "top", id, "-e", "-o", "uid,pid,comm");
            // A health check is root's until it has become what its container runs as.
            assertThat(processes.lines().skip(1).filter(line -> !line.contains("runc")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.strip()).doesNotStartWith("0 "));
        }
    }

    @Test
    @Order(1)
    void portsAreOnTheLoopbackAddressOnly() {
        List<String> addresses =
                containers().stream()
                        .flatMap(c -> c.at("/NetworkSettings/Ports").valueStream())
                        .flatMap(JsonNode::valueStream)
                        .map(port -> port.path("HostIp").asString())
                        .toList();

        assertThat(addresses).hasSize(4).containsOnly("127.0.0.1");
    }

    @Test
    @Order(1)
    void brokerKnowsItsOwnUsersOnly() {
        String users = broker("fleet-admin", project.setting("BROKER_ADMIN_PASSWORD"));

        assertThat(json(users).valueStream().map(u -> u.path("name").asString()))
                .containsExactlyInAnyOrder(
                        "fleet-admin", "fleet-producer", "fleet-router", "fleet-worker");
        assertThatThrownBy(() -> broker("guest", "guest")).isInstanceOf(FleetException.class);
    }

    private static String broker(String user, String password) {
        String uri =
                "amqp://%s:%s@127.0.0.1:%s/%%2F"
                        .formatted(user, password, project.setting("FLEET_AMQP_PORT"));
        return new ManagementApi(new BrokerEndpoint(uri, project.url("FLEET_MANAGEMENT_PORT")))
                .get("/api/users");
    }

    @Test
    @Order(1)
    void imagesHaveTheirBillOfMaterials() {
        for (String service : List.of("producer-service", "cli")) {
            String bill =
                    project.compose(
                            "run",
                            "--rm",
                            "--no-deps",
                            "-T",
                            "--entrypoint",
                            "cat",
                            service,
                            "/app/sbom/application.cdx.json");
            assertThat(json(bill).path("bomFormat").asString()).isEqualTo("CycloneDX");
            assertThat(bill).contains("pkg:maven/org.postgresql/postgresql@");
        }
    }

    @Test
    @Order(1)
    void everyProfileIsValid() {
        project.compose("--profile", "*", "config", "--quiet");
        project.compose(
                "--file",
                "docker-compose.yml",
                "--file",
                "docker-compose.tls.yml",
                "--profile",
                "*",
                "config",
                "--quiet");
    }

    @Test
    @Order(2)
    void workersShareTheLoadAndAreAllMeasured() throws Exception {
        project.compose("up", "--wait", "--no-recreate", "--scale", "worker-service=" + WORKERS);
        await().untilAsserted(
                        () -> assertThat(targets()).hasSize(WORKERS + 4).allMatch(ComposeIT::isUp));

        String answered =
                "sum by (instance) (fleet_worker_settled_total{action=\"succeeded\"}) > 0";
        submit();
        await().until(() -> query(answered).size() == WORKERS);
    }

    private static List<JsonNode> targets() throws Exception {
        return prometheus("/api/v1/targets").at("/data/activeTargets").valueStream().toList();
    }

    private static boolean isUp(JsonNode target) {
        return target.path("health").asString().equals("up");
    }

    private static JsonNode query(String expression) throws Exception {
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        return prometheus("/api/v1/query?query=" + encoded).at("/data/result");
    }

    private static JsonNode prometheus(String path) throws Exception {
        URI uri = URI.create(project.url("FLEET_PROMETHEUS_PORT") + path);
        try (var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            return json(answer.body());
        }
    }

    @Test
    @Order(3)
    void restartedContainersLoseNothing() {
        List<String> ids = submit();

        project.compose("restart", "rabbitmq");
        for (String service : SERVICES) {
            project.compose("restart", service);
        }

        project.compose("up", "--wait", "--no-recreate", "--scale", "worker-service=" + WORKERS);
        for (String id : ids) {
            await().ignoreExceptions().until(() -> state(id).equals("SUCCEEDED"));
        }
    }

    private static List<String> submit() {
        return api.submitBulk(Collections.nCopies(TASKS, TASK)).stream()
                .skip(1)
                .map(line -> line.path("id").asString())
                .toList();
    }

    private static String state(String id) {
        return api.get("/tasks/" + id).path("state").asString();
    }

    @Test
    @Order(4)
    void aStoreIsBackedUpAndRestored() {
        String id = submit().getFirst();
        await().until(() -> state(id).equals("SUCCEEDED"));
        Path file = folder.resolve("backup");
        assertThat(project.fleet("backup", file.toString()).exit()).isZero();
        project.compose("stop", "producer-service");

        ComposeProject.Output restored = project.fleet("restore", file.toString(), "--force");

        assertThat(restored.exit()).as(restored.err()).isZero();
        project.compose("up", "--wait", "--no-recreate");
        assertThat(state(id)).isEqualTo("SUCCEEDED");
    }

    @Test
    @Order(5)
    void tellsWhatIsDown() {
        project.compose("stop", "router-service");

        assertThat(project.fleet("status").exit()).isEqualTo(FleetException.UNREACHABLE);
    }

    /** As Docker inspects them, without the one that ran once. */
    private static List<JsonNode> containers() {
        String ids = project.compose("ps", "--quiet");
        String[] command = ("docker inspect " + String.join(" ", ids.lines().toList())).split(" ");
        return json(project.run(command)).valueStream().toList();
    }

    private static String name(JsonNode container) {
        return container.path("Name").asString();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
