package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Broker;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Service;
import io.llmfleet.cli.local.ServiceEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Replicas of every service with broker, database and HTTP backend, and all their switches. */
public final class FleetUnderTest implements AutoCloseable {

    private final FleetPlan plan;
    private final FleetHome home;
    private final FleetSettings settings;
    private final FleetFiles files;
    private final LocalFleet fleet;
    private final Consumer<String> progress;
    private final HttpBackend backend;
    private final @Nullable BrokerCluster cluster;
    private final List<Replica> replicas = new ArrayList<>();
    private final Map<String, String> clients = new HashMap<>();
    private final DisturbanceCount done = new DisturbanceCount();
    private volatile boolean alarm;
    private @Nullable BrokerEndpoint endpoint;

    /**
     * @param root of the project
     * @param folder of this fleet alone
     * @param broker {@code local} or {@code docker}
     */
    public FleetUnderTest(
            Path root, Path folder, FleetPlan plan, String broker, Consumer<String> progress) {
        this.plan = plan;
        this.home = new FleetHome(root, folder);
        this.files = new FleetFiles(home);
        this.backend = new HttpBackend();
        Map<String, String> all = new HashMap<>(plan.settings());
        all.put("FLEET_BROKER", broker);
        this.cluster = plan.cluster() ? new BrokerCluster(root) : null;
        if (cluster != null) {
            all.putAll(cluster.settings());
        }
        if (plan.llm()) {
            all.put("LLM_BASE_URL", backend.url());
            all.put("LLM_MODEL", HttpBackend.MODEL);
        }
        this.settings = FleetSettings.ofProcess().with(all);
        this.fleet = new LocalFleet(home, settings, progress);
        this.progress = progress;
    }

    /** Returns when every replica is ready. */
    public void start() {
        if (cluster != null) {
            cluster.start();
        }
        ServiceEnvironment environment = fleet.prepare(false);
        home.prepare(progress);
        try {
            files.create();
            for (Service service : Service.values()) {
                int count = service == Service.WORKER ? plan.workers().size() : plan.replicas();
                for (int i = 1; i <= count; i++) {
                    replicas.add(replica(service, i, environment.of(service)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The first producer makes the tables.
        replicas.getFirst().start();
        replicas.stream().filter(r -> r.service() != Service.PRODUCER).forEach(Replica::start);
        replicas.getFirst().awaitReady();
        heal();
    }

    private Replica replica(Service service, int number, Map<String, String> usual)
            throws IOException {
        TcpProxy proxy = new TcpProxy(files::brokerPort);
        Map<String, String> all = new HashMap<>(usual);
        String uri = all.getOrDefault("FLEET_BROKER_URI", "");
        all.put(
                "FLEET_BROKER_URI",
                uri.replace(":" + files.brokerPort() + "/", ":" + proxy.port() + "/"));
        if (service == Service.WORKER) {
            all.put("FLEET_WORKER_NAME", "worker-" + number);
            all.put("FLEET_INSTANT_CALLLOG", files.callLog(number).toString());
            // By its key the backend tells who calls.
            all.put("LLM_API_KEY", "worker-" + number);
            all.putAll(plan.workers().get(number - 1));
        }
        return new Replica(home.service(service, number), proxy, all);
    }

    /** Everything runs and every fault is over when it returns. */
    public void heal() {
        home.database().start();
        if (cluster != null) {
            cluster.heal();
        }
        broker().start();
        replicas.forEach(r -> r.proxy().release());
        clearAlarm();
        fleet.applyTopology();
        replicas.stream().filter(r -> !r.running()).forEach(Replica::start);
        replicas.forEach(Replica::awaitReady);
    }

    public List<Replica> all() {
        return List.copyOf(replicas);
    }

    public List<Replica> all(Service service) {
        return replicas.stream().filter(r -> r.service() == service).toList();
    }

    public Replica one(Service service, int number) {
        return all(service).get(number - 1);
    }

    public HttpBackend backend() {
        return backend;
    }

    /** Slots of all workers. */
    public int slots() {
        return FleetPlan.SLOTS * plan.workers().size();
    }

    public Broker broker() {
        return home.brokers(settings.environment()).known();
    }

    public synchronized BrokerEndpoint endpoint() {
        BrokerEndpoint known = endpoint;
        if (known == null) {
            known = broker().start();
            endpoint = known;
        }
        return known;
    }

    public void killBroker() {
        done.brokerKilled(slots());
        broker().kill();
    }

    /**
     * @throws FleetException if the plan has none
     */
    public BrokerCluster cluster() {
        if (cluster == null) {
            throw new FleetException("this fleet's broker has one node");
        }
        return cluster;
    }

    /** Counts as a broker that is killed: who was connected there loses what was under way. */
    public void loseNode(Runnable fault) {
        done.brokerKilled(slots());
        fault.run();
    }

    public void kill(Replica replica) {
        done.serviceKilled(replica.service() == Service.WORKER ? FleetPlan.SLOTS : 0);
        replica.kill();
    }

    /** The broker's disk counts as full. */
    public void raiseAlarm() {
        alarm = true;
        broker().control("set_disk_free_limit", "1000000GB");
    }

    public void clearAlarm() {
        if (alarm) {
            broker().control("set_disk_free_limit", "50MB");
            alarm = false;
        }
    }

    public void killDatabase() {
        home.database().kill();
    }

    public DatabaseEndpoint database() {
        return home.database().endpoint();
    }

    public void startDatabase() {
        home.database().start();
    }

    public void applyTopology() {
        fleet.applyTopology();
    }

    /** What was done to it since it was started. */
    public Disturbance disturbance() {
        return done.total(replicas.stream().mapToInt(r -> r.proxy().cuts()).sum());
    }

    /** Lines {@code task epoch attempt} that the instant backend wrote. */
    public List<String> callLog() {
        return files.calls(plan.workers().size());
    }

    public String adminKey() {
        return home.apiKey();
    }

    /** Where an AMQP client connects; it is made at its first use. */
    public synchronized BrokerEndpoint clientEndpoint(String name) {
        return new BrokerEndpoint(clients.computeIfAbsent(name, fleet::createClient), null);
    }

    public List<String> producerUrls() {
        return all(Service.PRODUCER).stream().map(Replica::url).toList();
    }

    /** Copies the logs of all services, for those who look for a cause. */
    public void keepLogs(Path target) {
        files.keepLogs(replicas.stream().map(Replica::name).toList(), target);
        if (cluster != null) {
            cluster.keepLogs(target);
        }
    }

    public void say(String line) {
        progress.accept(line);
    }

    @Override
    public void close() {
        replicas.parallelStream().forEach(Replica::kill);
        replicas.forEach(r -> r.proxy().close());
        backend.close();
        fleet.wipe();
        if (cluster != null) {
            cluster.close();
        }
    }
}
