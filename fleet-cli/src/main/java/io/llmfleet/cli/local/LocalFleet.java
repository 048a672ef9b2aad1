package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A whole fleet on this machine: broker, topology, database and services as processes; starting it
 * again starts only what is not there.
 */
public final class LocalFleet {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final FleetHome home;
    private final FleetSettings settings;
    private final Consumer<String> progress;

    public LocalFleet(FleetHome home, FleetSettings settings, Consumer<String> progress) {
        this.home = home;
        this.settings = settings;
        this.progress = progress;
    }

    public FleetHome home() {
        return home;
    }

    /**
     * Returns when every service is ready.
     *
     * @param mayInstall whether a missing broker may be installed
     */
    public void up(boolean mayInstall) {
        int port = settings.port();
        ServiceProcess producer = home.service(Service.PRODUCER, 1);
        if (!producer.running() && !Ports.free(port)) {
            throw new FleetException(
                    "port "
                            + port
                            + " is taken by another program: give another one with FLEET_PORT");
        }
        ServiceEnvironment environment = prepare(mayInstall);
        List<ServiceProcess> services = new ArrayList<>();
        for (Service service : Service.values()) {
            ServiceProcess process = home.service(service, 1);
            boolean started = process.start(environment.of(service), portOf(process));
            progress.accept((started ? "starting the " : "already running: the ") + process.name());
            services.add(process);
        }
        services.forEach(s -> s.awaitReady(READY_LIMIT));
        progress.accept("ready");
    }

    /** Starts broker and database and applies the topology; the services are the caller's. */
    public ServiceEnvironment prepare(boolean mayInstall) {
        PrivateFiles.folder(home.folder());
        Broker broker = home.brokers(settings.environment()).choose(mayInstall, progress);
        progress.accept("broker: " + broker.description());
        boolean had = settings.hasDatabase() || home.database().running();
        CompletableFuture<DatabaseEndpoint> database =
                CompletableFuture.supplyAsync(this::database, Thread::startVirtualThread);
        try {
            TopologyApplier.Applied applied = brokerWithTopology(broker);
            return new ServiceEnvironment(settings, applied, database.join(), home.apiKey());
        } catch (CompletionException e) {
            throw e.getCause() instanceof FleetException cause ? cause : e;
        } catch (FleetException e) {
            // Of no use without the broker: it is left as it was found.
            if (!had) {
                database.handle((started, failure) -> started).join();
                home.database().stop();
            }
            throw e;
        }
    }

    private TopologyApplier.Applied brokerWithTopology(Broker broker) {
        TopologyApplier.Applied applied = applyTopology(broker.start());
        if (!applied.ownUsers()) {
            progress.accept(
                    "the broker's management API is not known (RABBITMQ_MANAGEMENT_URL): all"
                            + " services use the user of RABBITMQ_URI");
        }
        return applied;
    }

    /** On the broker that runs. */
    public TopologyApplier.Applied applyTopology() {
        return applyTopology(brokerThatRuns());
    }

    /** Only {@link #up} starts a broker: it also decides which one. */
    private BrokerEndpoint brokerThatRuns() {
        Broker broker = home.brokers(settings.environment()).known();
        if (broker instanceof ForeignBroker || broker.running()) {
            return broker.start();
        }
        throw new FleetException(
                FleetException.UNREACHABLE,
                "the fleet's broker is not running: start it with ./fleet up",
                null);
    }

    private TopologyApplier.Applied applyTopology(BrokerEndpoint endpoint) {
        return applyTopology(endpoint, clients());
    }

    private TopologyApplier.Applied applyTopology(BrokerEndpoint endpoint, List<String> clients) {
        var applier = new TopologyApplier(endpoint, home.secrets(settings.brokerPasswords()));
        TopologyApplier.Applied applied = applier.apply(settings.topology(clients));
        new GuestUser(endpoint).warning().ifPresent(progress);
        return applied;
    }

    /** Takes RabbitMQ's default user away from the broker that runs, if it is there. */
    public void removeGuest() {
        new GuestUser(brokerThatRuns()).remove();
    }

    private DatabaseEndpoint database() {
        if (settings.hasDatabase()) {
            progress.accept("database: FLEET_DB_URL");
            return settings.database();
        }
        progress.accept("database: private PostgreSQL in " + home.folder());
        return home.database().start();
    }

    /**
     * @throws FleetException if a service runs
     */
    public void requireStopped() {
        for (Service service : Service.values()) {
            if (home.service(service, 1).running()) {
                throw new FleetException(
                        "the " + service.word() + " runs: stop the fleet first, ./fleet down");
            }
        }
    }

    /** Whether there is a database that a fleet may have used. */
    public boolean hasStore() {
        return settings.hasDatabase() || home.database().exists();
    }

    /** A private database is started for it, and stopped again. */
    public <T> T onDatabase(Function<DatabaseEndpoint, T> step) {
        if (settings.hasDatabase()) {
            return step.apply(settings.database());
        }
        LocalDatabase own = home.database();
        boolean started = !own.running();
        try {
            return step.apply(own.start());
        } finally {
            if (started) {
                own.stop();
            }
        }
    }

    /** What the broker knows of tasks is deleted; what clients submitted to it is not. */
    public void forgetQueues() {
        Brokers brokers = home.brokers(settings.environment());
        if (!brokers.chosen()) {
            return;
        }
        Broker broker = brokers.known();
        boolean started = !broker.running();
        new TopologyApplier(broker.start(), home.secrets(settings.brokerPasswords()))
                .forget(settings.topology(clients()));
        if (started) {
            broker.stop();
        }
    }

    private int portOf(ServiceProcess process) {
        if (process.service() == Service.PRODUCER) {
            return settings.port();
        }
        if (process.running()) {
            return process.port();
        }
        // A fleet on a port of its own is one of several: they would race for the usual ones.
        int usual = process.service().port();
        boolean alone = settings.port() == Service.PRODUCER.port();
        return alone && Ports.free(usual) ? usual : Ports.any();
    }

    /** Names of the AMQP clients: those of the settings and those that were made here. */
    public List<String> clients() {
        return Stream.concat(settings.clients().stream(), madeHere().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private List<String> madeHere() {
        return PrivateFiles.read(home.clients()).lines().toList();
    }

    /**
     * Makes an AMQP client's user, exchange and permissions; one that is there is kept.
     *
     * @return the URI with which it connects
     */
    public String createClient(String name) {
        FleetSettings.requireClient(name);
        BrokerEndpoint endpoint = brokerThatRuns();
        if (endpoint.managementUrl() == null) {
            throw new FleetException(
                    FleetException.USAGE,
                    "a client needs a user of its own, and users are made over the broker's"
                            + " management API: give RABBITMQ_MANAGEMENT_URL",
                    null);
        }
        List<String> all = new ArrayList<>(clients());
        if (!all.contains(name)) {
            all.add(name);
        }
        TopologyApplier.Applied applied = applyTopology(endpoint, all);
        List<String> made = new ArrayList<>(madeHere());
        if (!made.contains(name)) {
            made.add(name);
        }
        PrivateFiles.write(home.clients(), String.join("\n", made));
        return applied.uri(name);
    }

    public void down() {
        Arrays.stream(Service.values())
                .map(s -> home.service(s, 1))
                .filter(ServiceProcess::running)
                .toList()
                .parallelStream()
                .forEach(ServiceProcess::stop);
        if (!settings.hasDatabase()) {
            home.database().stop();
        }
        home.brokers(settings.environment()).known().stop();
    }

    /** Stops everything and deletes what the fleet kept, tasks and answers included. */
    public void wipe() {
        down();
        home.brokers(settings.environment()).known().wipe();
        home.delete();
    }

    /** Every part and whether it does its job; in the order in which they are started. */
    public Map<String, String> status() {
        Map<String, String> all = new java.util.LinkedHashMap<>();
        Broker broker = home.brokers(settings.environment()).known();
        all.put("broker", status(broker));
        all.put("database", databaseStatus());
        for (Service service : Service.values()) {
            ServiceProcess process = home.service(service, 1);
            all.put(process.name(), status(process));
        }
        return all;
    }

    private static String status(Broker broker) {
        if (!broker.running()) {
            return "down";
        }
        String metrics = broker.metricsUrl().map(url -> ", metrics at " + url).orElse("");
        return "up, " + broker.description() + metrics;
    }

    private String databaseStatus() {
        if (settings.hasDatabase()) {
            return "at FLEET_DB_URL";
        }
        return home.database().running() ? "up, in " + home.folder() : "down";
    }

    private static String status(ServiceProcess process) {
        if (!process.running()) {
            return "down";
        }
        return (process.ready() ? "ready" : "running, not ready") + ", " + process.url();
    }
}
