package io.llmfleet.system;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.testing.TestBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A fleet as {@code ./fleet up} starts it, on the tests' broker. */
final class RunningFleet implements AutoCloseable {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final LocalFleet fleet;
    private final String url;

    private RunningFleet(LocalFleet fleet, String url) {
        this.fleet = fleet;
        this.url = url;
    }

    /**
     * @param folder that it keeps its data in
     * @param more settings, by environment variable
     */
    static RunningFleet start(Path folder, Map<String, String> more) {
        TestBroker broker = TestBroker.shared().newVhost();
        Map<String, String> settings = new HashMap<>(more);
        settings.put("RABBITMQ_URI", broker.amqpUri());
        settings.put("RABBITMQ_MANAGEMENT_URL", broker.managementUrl());
        return startOn(folder, settings);
    }

    /**
     * @param settings the broker's among them
     */
    static RunningFleet startOn(Path folder, Map<String, String> settings) {
        int port = Ports.any();
        Map<String, String> all = new HashMap<>(settings);
        all.put("FLEET_PORT", Integer.toString(port));
        FleetHome home = new FleetHome(ROOT, folder.resolve("home"));
        home.prepare(line -> {});
        LocalFleet fleet = new LocalFleet(home, FleetSettings.ofProcess().with(all), line -> {});
        fleet.up(false);
        return new RunningFleet(fleet, "http://127.0.0.1:" + port);
    }

    LocalFleet fleet() {
        return fleet;
    }

    String url() {
        return url;
    }

    String key() {
        return fleet.home().apiKey();
    }

    FleetApi api() {
        return new FleetApi(url, key());
    }

    @Override
    public void close() {
        fleet.wipe();
    }
}
