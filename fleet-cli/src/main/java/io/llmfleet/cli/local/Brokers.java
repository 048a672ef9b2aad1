package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerNodes;
import io.llmfleet.wire.BrokerTrust;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which broker a fleet uses: the given one, the one it had before, Docker's, an installed
 * one, and at last one that it installs.
 */
public final class Brokers {

    private static final String URI = "RABBITMQ_URI";
    private static final String LOCAL = "local";
    private static final String DOCKER = "docker";

    private final Path home;
    private final Map<String, String> environment;

    /**
     * @param home folder of the broker; it also remembers the choice, since the data are there
     */
    public Brokers(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
    }

    /** Whether Docker answers and has the broker's image or can get it. */
    public static boolean dockerAvailable() {
        return DockerBroker.available();
    }

    /** The broker as it was chosen before, without choosing one now. */
    public Broker known() {
        if (given()) {
            return foreign();
        }
        return remembered().equals(DOCKER) ? new DockerBroker(home) : new LocalBroker(home);
    }

    /** Whether the fleet has a broker by now. */
    public boolean chosen() {
        return given() || !remembered().isEmpty();
    }

    public Broker choose(boolean mayInstall, Consumer<String> progress) {
        if (given()) {
            return foreign();
        }
        String kind = remembered();
        if (kind.isEmpty()) {
            kind = pick(mayInstall, progress);
            PrivateFiles.write(home.resolve("kind"), kind);
        }
        return kind.equals(DOCKER) ? dockerThatAnswers() : new LocalBroker(home);
    }

    /** An empty variable is one that is not set. */
    private boolean given() {
        return !environment.getOrDefault(URI, "").isBlank();
    }

    private Broker foreign() {
        try {
            BrokerNodes nodes = BrokerNodes.parse(URI, environment.getOrDefault(URI, ""));
            var trust = BrokerTrust.read(environment.getOrDefault(BrokerTrust.VARIABLE, ""));
            trust.requireUseBy(nodes.encrypted(), URI);
            return new ForeignBroker(
                    new BrokerEndpoint(nodes.toString(), management(nodes.encrypted()), trust));
        } catch (IllegalArgumentException e) {
            throw new FleetException(FleetException.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable String management(boolean encrypted) {
        String given = environment.getOrDefault(ManagementUrl.VARIABLE, "");
        return given.isBlank() ? null : ManagementUrl.require(given, encrypted);
    }

    private String remembered() {
        return PrivateFiles.read(home.resolve("kind"));
    }

    private String pick(boolean mayInstall, Consumer<String> progress) {
        String wanted = environment.getOrDefault("FLEET_BROKER", "");
        if (!wanted.isEmpty() && !wanted.equals(LOCAL) && !wanted.equals(DOCKER)) {
            throw new FleetException(
                    FleetException.USAGE,
                    "FLEET_BROKER is '" + wanted + "', accepted: " + LOCAL + ", " + DOCKER,
                    null);
        }
        if (!wanted.equals(LOCAL) && DockerBroker.available()) {
            return DOCKER;
        }
        if (wanted.equals(DOCKER)) {
            throw new FleetException("Docker does not answer or cannot get " + DockerBroker.IMAGE);
        }
        if (!LocalBroker.available()) {
            RabbitMqInstaller.install(mayInstall, progress);
        }
        return LOCAL;
    }

    private Broker dockerThatAnswers() {
        if (!DockerBroker.available()) {
            throw new FleetException(
                    "this fleet's broker is a container, but Docker does not answer or has no "
                            + DockerBroker.IMAGE
                            + ": start Docker, or forget the fleet's data with ./fleet down --wipe");
        }
        return new DockerBroker(home);
    }
}
