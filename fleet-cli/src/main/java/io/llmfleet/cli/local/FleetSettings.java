package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import io.llmfleet.model.Names;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a fleet is told by environment variables.
 *
 * @param environment usually this process's
 */
public record FleetSettings(Map<String, String> environment) {

    /** What the services read, so that a change of it starts them anew. */
    private static final Pattern OF_SERVICES =
            Pattern.compile("(FLEET|LLM|OPENAI|SPRING|LOGGING|MANAGEMENT|OTEL)_.+");

    private static final String DEFAULT_PORT = "8080";

    public static FleetSettings ofProcess() {
        return new FleetSettings(System.getenv());
    }

    /** The same with other values on top. */
    public FleetSettings with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(more);
        return new FleetSettings(all);
    }

    public List<String> pools() {
        return List.of(environment.getOrDefault("FLEET_POOLS", "default").split(",")).stream()
                .map(String::strip)
                .toList();
    }

    public RetryLadder ladder() {
        String levels = environment.get("FLEET_RETRY_LEVELS");
        return levels == null ? RetryLadder.DEFAULT : RetryLadder.parse(levels);
    }

    /** How many messages a work queue takes before it refuses more. */
    private int workQueueLength() {
        String length = environment.get("FLEET_WORK_QUEUE_LENGTH");
        return length == null ? Topology.Spec.WORK_QUEUE_LENGTH : Integer.parseInt(length);
    }

    /**
     * @throws FleetException naming the setting that is wrong
     */
    public Topology topology(List<String> clients) {
        try {
            return Topology.of(new Topology.Spec(pools(), ladder(), clients, workQueueLength()));
        } catch (IllegalArgumentException e) {
            throw new FleetException(
                    FleetException.USAGE,
                    "FLEET_POOLS, FLEET_RETRY_LEVELS or FLEET_WORK_QUEUE_LENGTH: " + e.getMessage(),
                    e);
        }
    }

    /** Names of AMQP clients that are made whenever the topology is applied. */
    List<String> clients() {
        List<String> names =
                Stream.of(environment.getOrDefault("FLEET_CLIENTS", "").split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        names.forEach(FleetSettings::requireClient);
        return names;
    }

    /**
     * @throws FleetException naming what is accepted
     */
    static void requireClient(String name) {
        try {
            BrokerUser.requireClient(name);
        } catch (IllegalArgumentException e) {
            throw new FleetException(FleetException.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The passwords that were decided elsewhere, by the broker's user.
     *
     * @throws FleetException naming a variable that is nobody's
     */
    Map<String, String> brokerPasswords() {
        return BrokerPasswords.given(environment);
    }

    public int port() {
        String text = environment.getOrDefault("FLEET_PORT", DEFAULT_PORT);
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new FleetException(
                    FleetException.USAGE,
                    "FLEET_PORT is '" + text + "', accepted: a port from 1 to 65535",
                    null);
        }
        return Integer.parseInt(text);
    }

    /** The first pool is the one that the worker of {@code up} serves. */
    String pool() {
        return environment.getOrDefault(
                "FLEET_POOL", Names.requireWord("pool", pools().getFirst()));
    }

    boolean hasDatabase() {
        return !environment.getOrDefault("FLEET_DB_URL", "").isBlank();
    }

    /**
     * @throws FleetException if there is no FLEET_DB_URL or not what belongs to it
     */
    DatabaseEndpoint database() {
        return new DatabaseEndpoint(
                required("FLEET_DB_URL"), required("FLEET_DB_USER"), required("FLEET_DB_PASSWORD"));
    }

    private String required(String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new FleetException(
                    FleetException.USAGE, name + " is missing: it belongs to FLEET_DB_URL", null);
        }
        return value;
    }

    Map<String, String> ofServices() {
        Map<String, String> all = new TreeMap<>();
        Stream.concat(System.getenv().entrySet().stream(), environment.entrySet().stream())
                .filter(e -> OF_SERVICES.matcher(e.getKey()).matches())
                .forEach(e -> all.put(e.getKey(), e.getValue()));
        return all;
    }
}
