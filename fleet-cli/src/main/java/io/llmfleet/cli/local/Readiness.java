package io.llmfleet.cli.local;

import com.rabbitmq.client.Connection;
import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerTrust;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits until a process does its job, and says why where it does not. */
final class Readiness {

    private static final long POLL_MS = 100;

    private Readiness() {}

    /**
     * @throws FleetException with the process's last words, if it ended or is not ready in time
     */
    static void await(String what, Daemon daemon, Duration limit, BooleanSupplier ready) {
        Instant end = Instant.now().plus(limit);
        while (!ready.getAsBoolean()) {
            if (daemon.running().isEmpty()) {
                throw notReady(what + " ended at once", daemon);
            }
            if (Instant.now().isAfter(end)) {
                throw notReady(what + " is not ready after " + limit.toSeconds() + " s", daemon);
            }
            pause();
        }
    }

    private static FleetException notReady(String what, Daemon daemon) {
        return new FleetException(
                what + ": " + daemon.lastWords() + " (log: " + daemon.log() + ")");
    }

    static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    /** Over AMQP, and over HTTP where it has a management API. */
    static boolean brokerAnswers(BrokerEndpoint endpoint) {
        try (Connection connection = endpoint.connect("fleet-cli")) {
            return connection.isOpen()
                    && (endpoint.managementUrl() == null || new ManagementApi(endpoint).answers());
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    /** What is wrong with the certificates of a broker that does not answer, if it is that. */
    static Optional<String> tlsProblem(BrokerEndpoint endpoint) {
        try (Connection connection = endpoint.connect("fleet-cli")) {
            if (endpoint.managementUrl() != null && connection.isOpen()) {
                new ManagementApi(endpoint).get("/api/whoami");
            }
            return Optional.empty();
        } catch (IOException | TimeoutException | FleetException e) {
            return BrokerTrust.problem(e);
        }
    }
}
