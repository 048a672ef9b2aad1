package io.llmfleet.testing;

import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.ManagementApi;
import io.llmfleet.cli.local.Secrets;
import io.llmfleet.cli.local.TopologyApplier;
import io.llmfleet.wire.Topology;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host on a real broker that all tests of a process share; tests keep apart by one
 * virtual host each.
 *
 * <p>Users are the broker's, so a user's password is the same everywhere, but it may use only the
 * virtual hosts on which a topology was applied.
 */
public final class TestBroker {

    private final BrokerEndpoint endpoint;
    private final Path secrets;
    private TopologyApplier.@Nullable Applied applied;

    private TestBroker(BrokerEndpoint endpoint, Path secrets) {
        this.endpoint = endpoint;
        this.secrets = secrets;
    }

    /** The broker with its default virtual host. */
    public static TestBroker shared() {
        SharedBroker shared = SharedBroker.get();
        return new TestBroker(shared.endpoint(), shared.secrets());
    }

    /** A new virtual host on the same broker. */
    public TestBroker newVhost() {
        BrokerEndpoint fresh = endpoint.onVhost("test-" + UUID.randomUUID());
        var management = new ManagementApi(fresh);
        management.putVhost();
        management.grantAll(fresh.user());
        return new TestBroker(fresh, secrets);
    }

    /** Declares the topology on this virtual host and lets its users in. */
    public TestBroker apply(Topology topology) {
        applied = new TopologyApplier(endpoint, new Secrets(secrets)).apply(topology);
        return this;
    }

    /** The URI of one of the applied topology's users. */
    public String uri(String user) {
        if (applied == null) {
            throw new IllegalStateException("apply a topology first");
        }
        return applied.uri(user);
    }

    /** The URI of an administrator, on this virtual host. */
    public String amqpUri() {
        return endpoint.amqpUri();
    }

    public String managementUrl() {
        return String.valueOf(endpoint.managementUrl());
    }

    public ManagementApi management() {
        return new ManagementApi(endpoint);
    }

    public BrokerEndpoint endpoint() {
        return endpoint;
    }
}
