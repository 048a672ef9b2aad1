package io.llmfleet.system.observability;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.FleetUnderTest;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.wire.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** A fleet of two pools under a {@link MixedLoad}. */
final class ObservedFleet implements AutoCloseable {

    /** A pool with a worker that is never hurt. */
    static final String FIRST = "default";

    /** A pool with a worker that is. */
    static final String SECOND = "second";

    /** An AMQP client, and so a tenant. */
    static final String CLIENT = "observed";

    /** A backend answers this text with 500. */
    static final String BROKEN = "what breaks the backend";

    private static final Duration SLOW = Duration.ofSeconds(3);

    private final FailingHooks hooks = new FailingHooks();
    private final FleetUnderTest fleet;
    private MixedLoad load;

    ObservedFleet(Path folder, String broker) {
        fleet = new FleetUnderTest(ShippedFiles.ROOT, folder, plan(), broker, System.out::println);
    }

    private static FleetPlan plan() {
        return FleetPlan.usual()
                .withReplicas(1)
                .withPools(FIRST, SECOND)
                .with("FLEET_RETRY_LEVELS", "2s,5s")
                .with("FLEET_INSTANT_DELTAS", "3")
                .with("FLEET_BUILTIN_ENABLED", "true")
                // The harness's backend once more, as one whose calls cost.
                .with("FLEET_BACKENDS_0_NAME", "priced")
                .with("FLEET_BACKENDS_0_BASEURL", "${LLM_BASE_URL}")
                .with("FLEET_BACKENDS_0_APIKEY", "${LLM_API_KEY}")
                .with("FLEET_BACKENDS_0_MODELS", "priced")
                .with("FLEET_BACKENDS_0_PRICES_PRICED_INPUT", "1000")
                .with("FLEET_BACKENDS_0_PRICES_PRICED_OUTPUT", "2000")
                .with("FLEET_WEBHOOK_RETRIES", "1s,1s,1s,1s,1s,1s,1s,1s")
                .with("FLEET_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1");
    }

    void start() {
        fleet.start();
        fleet.backend().behave(call -> behaviour(call.text()));
        Rest rest = new Rest(fleet.producerUrls(), fleet.adminKey());
        load =
                new MixedLoad(
                        rest,
                        withKey("payer", Map.of()),
                        fleet.clientEndpoint(CLIENT).factory(),
                        CLIENT,
                        hooks.url());
        load.start();
    }

    private static Behaviour behaviour(String text) {
        return switch (text) {
            case MixedLoad.REFUSED -> Behaviour.status(400);
            case MixedLoad.SLOW -> Behaviour.after(SLOW);
            case BROKEN -> Behaviour.status(500);
            default -> Behaviour.GOOD;
        };
    }

    /** A key of a tenant of its own. */
    Rest withKey(String tenant, Map<String, Object> limits) {
        Rest admin = new Rest(fleet.producerUrls(), fleet.adminKey());
        ObjectNode wanted = Json.MAPPER.createObjectNode();
        wanted.put("name", tenant).put("tenant", tenant);
        wanted.set("limits", Json.MAPPER.valueToTree(limits));
        Rest.Answer answer = admin.post("/keys", wanted);
        if (!answer.ok()) {
            throw new IllegalStateException(answer.toString());
        }
        return admin.withKey(answer.json().path("key").asString(""));
    }

    /** What Prometheus scrapes, by scrape job. */
    Map<String, List<String>> targets() {
        String broker = URI.create(fleet.broker().metricsUrl().orElseThrow()).getAuthority();
        return Map.of(
                "producer-service", targets(Service.PRODUCER),
                "router-service", targets(Service.ROUTER),
                "worker-service", targets(Service.WORKER),
                "rabbitmq", List.of(broker),
                "rabbitmq-node", List.of(broker));
    }

    private List<String> targets(Service service) {
        return fleet.all(service).stream().map(r -> URI.create(r.url()).getAuthority()).toList();
    }

    MixedLoad load() {
        return load;
    }

    FailingHooks hooks() {
        return hooks;
    }

    FleetUnderTest underTest() {
        return fleet;
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
        fleet.close();
        hooks.close();
    }
}
