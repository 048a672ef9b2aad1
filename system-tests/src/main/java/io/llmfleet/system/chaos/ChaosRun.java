package io.llmfleet.system.chaos;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.check.Observer;
import io.llmfleet.system.chaos.check.Tap;
import io.llmfleet.system.chaos.fleet.AdminChannel;
import io.llmfleet.system.chaos.fleet.BrokerView;
import io.llmfleet.system.chaos.fleet.Disturbance;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.AmqpClient;
import io.llmfleet.system.chaos.load.Attempt;
import io.llmfleet.system.chaos.load.Ledger;
import io.llmfleet.system.chaos.load.RestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a case works with: the fleet, ways to load it, and a place for what it finds. */
public final class ChaosRun {

    /** The target whose backend answers at once and logs its calls. */
    public static final String INSTANT = "instant";

    private static final Duration QUEUES_SETTLE = Duration.ofSeconds(3);
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(3);

    private final FleetUnderTest fleet;
    private final Ledger ledger;
    private final Rest api;
    private final RestClient rest;
    private final Rest other;
    private final RestClient otherRest;
    private final AmqpClient amqp;
    private final Tap tap;
    private final Random random;
    private final Observer observer;
    private final Disturbance before;
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Duration longestRecovery;

    ChaosRun(FleetUnderTest fleet, String name, String tenantKey, Random random) {
        this.fleet = fleet;
        this.random = random;
        this.before = fleet.disturbance();
        String unique =
                name.toLowerCase(Locale.ROOT)
                        + "-"
                        + Long.toString(Instant.now().toEpochMilli(), 36);
        this.ledger = new Ledger(unique);
        this.api = new Rest(fleet.producerUrls(), fleet.adminKey());
        this.rest = new RestClient(api, ledger);
        this.other = api.withKey(tenantKey);
        this.otherRest = new RestClient(other, ledger);
        this.amqp = new AmqpClient(fleet.clientEndpoint(AmqpClient.USER), ledger);
        this.tap = new Tap(fleet.endpoint(), "chaos." + unique);
        this.observer = new Observer(List.of(api, other), amqp, ledger, Instant.now());
        tap.open();
        amqp.open();
        // A broker that is killed within half a second of a queue's declaration may never find its
        // leader again (seen on RabbitMQ 3.10.8); the cases are not about that.
        Waits.pause(QUEUES_SETTLE);
    }

    public FleetUnderTest fleet() {
        return fleet;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Rest api() {
        return api;
    }

    public RestClient rest() {
        return rest;
    }

    /** The API with a key of another tenant. */
    public Rest otherApi() {
        return other;
    }

    /** Submits as another tenant. */
    public RestClient otherRest() {
        return otherRest;
    }

    public AmqpClient amqp() {
        return amqp;
    }

    public Tap tap() {
        return tap;
    }

    public Random random() {
        return random;
    }

    public Observer observer() {
        return observer;
    }

    public BrokerView broker() {
        return new BrokerView(fleet.endpoint());
    }

    /** A promise of this case alone; what is false is reported. */
    public void require(boolean holds, String promise) {
        if (!holds) {
            broken.add("not so: " + promise);
        }
    }

    /** As {@link #require(boolean, String)}, but it may take a while to become true. */
    public void requireWithin(Duration limit, String promise, Callable<Boolean> question) {
        require(Waits.until(limit, question), promise + ", within " + limit.toSeconds() + " s");
    }

    public void note(String line) {
        notes.add(line);
        fleet.say(line);
    }

    /** The id that the API gave to the task. */
    public String id(String key) {
        Attempt attempt = ledger.find(key);
        if (attempt == null || attempt.taskId() == null) {
            throw new FleetException("task " + key + " was not accepted");
        }
        return attempt.taskId();
    }

    /** The task as the API shows it now. */
    public JsonNode task(String key) {
        return api.get("/tasks/" + id(key)).json();
    }

    public String state(String key) {
        return task(key).path("state").asString("");
    }

    public boolean succeeded(String key) {
        return state(key).equals("SUCCEEDED");
    }

    public boolean allSucceeded(List<String> keys) {
        return keys.stream().allMatch(this::succeeded);
    }

    public boolean accepted(String key) {
        Attempt attempt = ledger.find(key);
        return attempt != null && attempt.accepted();
    }

    /** How many attempts the API tells of. */
    public int attempts(String key) {
        return task(key).path("attempts").asInt(0);
    }

    /** How often the instant backend was called for these. */
    public long calls(List<String> keys) {
        Set<String> ids = Set.copyOf(keys.stream().filter(this::accepted).map(this::id).toList());
        return fleet.callLog().stream().filter(line -> ids.contains(line.split(" ", 2)[0])).count();
    }

    /** The worker of that name. */
    public Replica worker(String name) {
        return fleet.all(Service.WORKER)
                .get(Integer.parseInt(name.substring(name.indexOf('-') + 1)) - 1);
    }

    public AdminChannel admin() {
        return new AdminChannel(fleet.endpoint());
    }

    /** Whether the AMQP client has its result. */
    public boolean answered(String key) {
        return observer.results().stream().anyMatch(r -> r.key().equals(key));
    }

    /** A fault is over: how long does it take until a new task is answered? */
    public Duration recover(String target) {
        long start = System.nanoTime();
        Waits.require("a task is answered after a fault", PROBE_LIMIT, () -> answers(target));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Duration known = longestRecovery;
        if (known == null || took.compareTo(known) > 0) {
            longestRecovery = took;
        }
        return took;
    }

    private boolean answers(String target) {
        Rest.Answer answer = rest.ask(target, task -> task.put("priority", "high"));
        if (!answer.ok()) {
            return false;
        }
        String path = "/tasks/" + answer.json().path("id").asString("");
        return Waits.until(
                PROBE_LIMIT,
                () -> api.get(path).json().path("state").asString("").equals("SUCCEEDED"));
    }

    @Nullable Duration longestRecovery() {
        return longestRecovery;
    }

    /** What was done to the fleet in this case. */
    Disturbance disturbance() {
        return fleet.disturbance().since(before);
    }

    List<String> broken() {
        return List.copyOf(broken);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    void close() {
        amqp.close();
        tap.delete();
    }
}
