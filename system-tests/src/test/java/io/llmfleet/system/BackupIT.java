package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.backup.BackupFile;
import io.llmfleet.cli.backup.Manifest;
import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.testing.FleetCommand;
import io.llmfleet.testing.FleetCommand.Outcome;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
    void whatWasThereStaysAndWhatWasOpenEndsAfterARestore() throws Exception {
        FleetHome lost = home("lost");
        FleetCommand before = fleet(lost);
        assertDone(before.run("up", "--no-install"));
        PlainCaller shop = caller(before, before.run("key", "create", "shop", "--tenant", "shop"));
        String done = submit(before, "Parcel 7 arrived.", "--wait");
        String failed = fail(before);
        PlainCaller crowd =
                caller(before, before.run("key", "create", "crowd", "--tenant", "crowd"));
        List<String> paths = Belongings.make(shop);
        List<String> seen = paths.stream().map(shop::body).toList();
        JsonNode answer = json(before.run("get", done, "--json"));
        lost.service(Service.WORKER, 1).kill();
        String open = submit(before, "Letter 8 arrived.");
        Path file = folder.resolve("fleet.zip");
        Set<String> accepted =
                Belongings.acceptedBefore(
                        crowd, () -> assertDone(before.run("backup", file.toString())));
        String key = lost.apiKey();
        stop();

        FleetHome found = home("found");
        FleetCommand after = fleet(found);
        assertDone(after.run("restore", file.toString()));
        assertDone(after.run("up", "--no-install"));

        PlainCaller again = new PlainCaller(url(after), shop.key());
        assertThat(found.apiKey()).isEqualTo(key);
        assertThat(paths.stream().map(again::body).toList()).isEqualTo(seen);
        assertThat(new PlainCaller(url(after), key).get(paths.getFirst()).statusCode())
                .as("another tenant's")
                .isEqualTo(404);
        assertThat(answer.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(json(after.run("get", done, "--json"))).isEqualTo(answer);
        assertThat(json(after.run("get", failed, "--json")).path("state").asString())
                .isEqualTo("FAILED");
        assertThat(after.run("dead", "list").out()).contains("UNSUPPORTED");
        assertThat(after.run("follow", open).exit()).isZero();
        assertThat(epoch(found, open))
                .as("its earlier messages have no effect")
                .isEqualTo(epoch(found, done) + 1);
        assertThat(accepted).isNotEmpty();
        PlainCaller crowdAgain = new PlainCaller(url(after), crowd.key());
        assertThat(accepted).allMatch(id -> Belongings.state(crowdAgain, id).equals("SUCCEEDED"));
        refusesWhatWouldDestroyIt(after, found, file);
    }

    private void refusesWhatWouldDestroyIt(FleetCommand fleet, FleetHome home, Path file)
            throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path truncated = folder.resolve("truncated.zip");
        Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
        Path damaged = folder.resolve("damaged.zip");
        // A single byte may be one that a zip has no use for.
        Arrays.fill(whole, whole.length / 2, whole.length / 2 + 128, (byte) 0);
        Files.write(damaged, whole);

        assertRefused(fleet.run("restore", file.toString()), "stop the fleet first");
        assertDone(fleet.run("down"));
        List<Manifest.Table> before = tables(fleet, "before.zip");
        assertRefused(fleet.run("restore", file.toString()), "the store is not empty");
        assertRefused(fleet.run("restore", "--force", truncated.toString()), "truncated.zip");
        assertRefused(fleet.run("restore", "--force", damaged.toString()), "damaged.zip");
        assertThat(tables(fleet, "after.zip")).as("all rows, by checksum").isEqualTo(before);
        assertThat(home.apiKey()).isNotEmpty();
    }

    private List<Manifest.Table> tables(FleetCommand fleet, String name) {
        Path file = folder.resolve(name);
        assertDone(fleet.run("backup", file.toString()));
        try (BackupFile backup = BackupFile.open(file)) {
            return backup.manifest().tables();
        }
    }

    private static void assertRefused(Outcome outcome, String why) {
        assertThat(outcome.exit()).as(outcome.out()).isNotZero();
        assertThat(outcome.lastLine()).startsWith("fleet: ").contains(why);
    }

    @Test
    void refusesWhatIsNoBackupAndAFleetThatRuns() throws Exception {
        FleetCommand fleet = fleet(home("other"));
        Path file = folder.resolve("broken.zip");
        Files.write(file, "no backup".getBytes(StandardCharsets.UTF_8));

        Outcome missing = fleet.run("restore", folder.resolve("missing.zip").toString());
        Outcome broken = fleet.run("restore", file.toString());
        Outcome nothing = fleet.run("backup", folder.resolve("nothing.zip").toString());

        assertRefused(missing, "missing.zip");
        assertRefused(broken, "broken.zip");
        assertThat(nothing.exit()).isEqualTo(FleetException.FAILED);
        assertThat(nothing.err()).contains("nothing to back up");
    }

    private FleetHome home(String name) {
        FleetHome home = new FleetHome(ROOT, folder.resolve(name));
        homes.add(home);
        return home;
    }

    private static PlainCaller caller(FleetCommand fleet, Outcome keyMade) {
        assertDone(keyMade);
        return new PlainCaller(url(fleet), keyMade.out());
    }

    private static String url(FleetCommand fleet) {
        return "http://127.0.0.1:" + fleet.variable("FLEET_PORT");
    }

    private static int epoch(FleetHome home, String task) throws SQLException {
        DatabaseEndpoint at = home.database().endpoint();
        try (var connection = DriverManager.getConnection(at.url(), at.user(), at.password());
                var query = connection.prepareStatement("select epoch from task where id = ?")) {
            query.setObject(1, UUID.fromString(task));
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
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
