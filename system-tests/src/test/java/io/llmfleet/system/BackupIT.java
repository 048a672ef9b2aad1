package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.testing.FleetCommand;
import io.llmfleet.testing.FleetCommand.Outcome;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A fleet that is lost with its broker and its database, and comes back from a backup. */
class BackupIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path folder;
    private final List<FleetHome> homes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (FleetHome home : homes) {
            for (Service service : Service.values()) {
                home.service(service, 1).kill();
            }
            home.database().wipe();
        }
    }

    @Test
    void whatWasFinalStaysAndWhatWasOpenEndsAfterARestore() throws Exception {
        FleetHome lost = home("lost");
        FleetCommand before = fleet(lost);
        assertDone(before.run("up", "--no-install"));
        String done = submit(before, "Parcel 7 arrived.", "--wait");
        String failed = fail(before);
        JsonNode answer = json(before.run("get", done, "--json"));
        lost.service(Service.WORKER, 1).kill();
        String open = submit(before, "Letter 8 arrived.");
        Path file = folder.resolve("fleet.zip");
        assertDone(before.run("backup", file.toString()));
        String key = lost.apiKey();
        stop();

        FleetHome found = home("found");
        FleetCommand after = fleet(found);
        assertDone(after.run("restore", file.toString()));
        assertDone(after.run("up", "--no-install"));

        assertThat(found.apiKey()).isEqualTo(key);
        assertThat(answer.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(json(after.run("get", done, "--json"))).isEqualTo(answer);
        assertThat(json(after.run("get", failed, "--json")).path("state").asString())
                .isEqualTo("FAILED");
        assertThat(after.run("dead", "list").out()).contains("UNSUPPORTED");
        assertThat(after.run("follow", open).exit()).isZero();
        JsonNode second = json(after.run("get", open, "--json"));
        assertThat(second.path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void refusesWhatIsNoBackupAndAFleetThatRuns() throws Exception {
        FleetCommand fleet = fleet(home("other"));
        Path file = folder.resolve("broken.zip");
        Files.write(file, "no backup".getBytes(StandardCharsets.UTF_8));

        Outcome missing = fleet.run("restore", folder.resolve("missing.zip").toString());
        Outcome broken = fleet.run("restore", file.toString());
        Outcome nothing = fleet.run("backup", folder.resolve("nothing.zip").toString());

        assertThat(missing.exit()).isNotZero();
        assertThat(missing.err()).startsWith("fleet: ").contains("missing.zip");
        assertThat(broken.exit()).isNotZero();
        assertThat(broken.err()).startsWith("fleet: ").contains("broken.zip");
        assertThat(nothing.exit()).isEqualTo(FleetException.FAILED);
        assertThat(nothing.err()).contains("nothing to back up");
    }

    private FleetHome home(String name) {
        FleetHome home = new FleetHome(ROOT, folder.resolve(name));
        homes.add(home);
        return home;
    }

    /** Each on a broker of its own that has no queues yet. */
    private static FleetCommand fleet(FleetHome home) {
        TestBroker broker = TestBroker.shared().newVhost();
        return new FleetCommand(
                ROOT,
                Map.of(
                        "FLEET_HOME", home.folder().toString(),
                        "FLEET_PORT", Integer.toString(Ports.any()),
                        "RABBITMQ_URI", broker.amqpUri(),
                        "RABBITMQ_MANAGEMENT_URL", broker.managementUrl()));
    }

    private static String submit(FleetCommand fleet, String text, String... more) {
        List<String> arguments = new ArrayList<>(List.of("submit", "summarize", "-", "--json"));
        arguments.addAll(List.of(more));
        Outcome outcome = fleet.runWithInput(text, arguments.toArray(String[]::new));
        assertDone(outcome);
        return json(outcome).path("id").asString();
    }

    private static String fail(FleetCommand fleet) {
        Outcome failed =
                fleet.runWithInput(
                        "{\"text\": \"Guten Tag\", \"to\": \"en\"}",
                        "submit",
                        "translate",
                        "-",
                        "--wait");
        return failed.err().split(" ")[2];
    }

    private static void assertDone(Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.err()).isZero();
    }

    private static JsonNode json(Outcome outcome) {
        return Json.tree(outcome.out().getBytes(StandardCharsets.UTF_8));
    }
}
