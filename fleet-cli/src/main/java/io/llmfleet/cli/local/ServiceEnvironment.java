package io.llmfleet.cli.local;

import io.llmfleet.wire.BrokerTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The environment variables that a process of each service is started with. */
public final class ServiceEnvironment {

    private static final List<String> NOT_FOR_ALL =
            List.of(
                    "FLEET_API_KEY",
                    "FLEET_BROKER",
                    "FLEET_CLIENTS",
                    "FLEET_DB_PASSWORD",
                    "FLEET_DB_URL",
                    "FLEET_DB_USER",
                    "FLEET_HOME",
                    "FLEET_PORT",
                    "FLEET_URL",
                    "RABBITMQ_MANAGEMENT_URL",
                    "RABBITMQ_URI");

    /** Only workers call backends, so that nobody else has their keys. */
    private static final Pattern OF_BACKENDS = Pattern.compile("(LLM|OPENAI)_.+");

    /** Each service has its own in its broker's URI. */
    private static final Pattern OF_BROKER = Pattern.compile(BrokerPasswords.PREFIX + ".+");

    private final FleetSettings settings;
    private final TopologyApplier.Applied broker;
    private final DatabaseEndpoint database;
    private final String apiKey;

    ServiceEnvironment(
            FleetSettings settings,
            TopologyApplier.Applied broker,
            DatabaseEndpoint database,
            String apiKey) {
        this.settings = settings;
        this.broker = broker;
        this.database = database;
        this.apiKey = apiKey;
    }

    /** By a path that holds in the service's own folder; a private broker needs none. */
    private String authority(String brokerUri) {
        String file = settings.environment().getOrDefault(BrokerTrust.VARIABLE, "");
        return file.isBlank() || !brokerUri.startsWith("amqps:")
                ? ""
                : Path.of(file.strip()).toAbsolutePath().toString();
    }

    public Map<String, String> of(Service service) {
        Map<String, String> all = new TreeMap<>(settings.ofServices());
        // Empty takes a variable away: what only one of them may know, and what is for commands.
        NOT_FOR_ALL.forEach(name -> all.put(name, ""));
        all.replaceAll((name, value) -> OF_BROKER.matcher(name).matches() ? "" : value);
        if (service != Service.WORKER) {
            all.replaceAll((name, value) -> OF_BACKENDS.matcher(name).matches() ? "" : value);
        }
        all.put("FLEET_BROKER_URI", broker.uri(service.brokerUser()));
        all.put(BrokerTrust.VARIABLE, authority(broker.uri(service.brokerUser())));
        all.put("FLEET_POOLS", String.join(",", settings.pools()));
        if (service == Service.PRODUCER) {
            all.put("FLEET_DB_URL", database.url());
            all.put("FLEET_DB_USER", database.user());
            all.put("FLEET_DB_PASSWORD", database.password());
            all.put("FLEET_BOOTSTRAP_KEY", apiKey);
        }
        if (service == Service.WORKER) {
            all.put("FLEET_POOL", settings.pool());
        }
        return all;
    }
}
