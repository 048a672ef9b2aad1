package io.llmfleet.cli.local;

import java.util.Optional;

/** A broker that the fleet uses, whoever runs it. */
public interface Broker {

    /** Starts it unless it runs; returns when it answers. */
    BrokerEndpoint start();

    /** Stops it if the fleet started it; its data stay. */
    void stop();

    /** As a crash would; its data stay. */
    void kill();

    boolean running();

    /** Stops it and deletes its data, if they are the fleet's. */
    void wipe();

    /**
     * Runs {@code rabbitmqctl} on its node.
     *
     * @return what it printed
     */
    String control(String... arguments);

    /** Where it tells Prometheus of itself, if that is known. */
    default Optional<String> metricsUrl() {
        return Optional.empty();
    }

    /** In a few words, for people. */
    String description();
}
