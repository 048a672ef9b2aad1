package io.llmfleet.cli.local;

/** A broker that the fleet uses, whoever runs it. */
public interface Broker {

    /** Starts it unless it runs; returns when it answers. */
    BrokerEndpoint start();

    /** Stops it if the fleet started it; its data stay. */
    void stop();

    boolean running();

    /** Stops it and deletes its data, if they are the fleet's. */
    void wipe();

    /** In a few words, for people. */
    String description();
}
