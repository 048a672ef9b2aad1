package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A fleet of its own, one process of each service, whose worker answers at once. */
final class BenchFleet implements AutoCloseable {

    private static final String CLIENT = "bench";

    private final FleetHome home;
    private final FleetSettings settings;
    private final LocalFleet fleet;

    /**
     * @param broker {@code local}, {@code docker}, or empty for whichever there is
     */
    BenchFleet(Path root, Path folder, String broker, int slots, Consumer<String> progress) {
        this(root, folder, broker, slots, Map.of(), progress);
    }

    /**
     * @param more variables of the services
     */
    BenchFleet(
            Path root,
            Path folder,
            String broker,
            int slots,
            Map<String, String> more,
            Consumer<String> progress) {
        this.home = new FleetHome(root, folder);
        this.settings =
                FleetSettings.ofProcess()
                        .with(
                                Map.of(
                                        "FLEET_PORT",
                                        Integer.toString(Ports.any()),
                                        "FLEET_BROKER",
                                        broker,
                                        "FLEET_SLOTS",
                                        Integer.toString(slots),
                                        "FLEET_INSTANT_ENABLED",
                                        "true"))
                        .with(more);
        this.fleet = new LocalFleet(home, settings, progress);
    }

    void start() {
        fleet.up(false);
    }

    String url() {
        return "http://127.0.0.1:" + settings.port();
    }

    String key() {
        return home.apiKey();
    }

    FleetApi api() {
        return new FleetApi(url(), key());
    }

    /** With an AMQP client of its own. */
    Load amqpLoad(int payloadBytes) {
        return new AmqpLoad(CLIENT, fleet.createClient(CLIENT), payloadBytes);
    }

    BrokerEndpoint broker() {
        return home.brokers(settings.environment()).known().start();
    }

    String brokerDescription() {
        return home.brokers(settings.environment()).known().description();
    }

    /** Those that run as processes of this machine, and so can be measured. */
    Map<String, ProcessHandle> processes() {
        Map<String, ProcessHandle> all = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            put(all, service.word(), home.service(service, 1).process());
        }
        put(all, "database", home.database().process());
        put(all, "broker", home.localBroker().process());
        return all;
    }

    private static void put(
            Map<String, ProcessHandle> all, String name, Optional<ProcessHandle> process) {
        process.ifPresent(p -> all.put(name, p));
    }

    @Override
    public void close() {
        fleet.wipe();
    }
}
