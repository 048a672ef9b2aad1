package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RetryLadder;
import io.llmfleet.wire.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerIT {

    @TempDir Path home;

    private LocalBroker broker;

    @BeforeEach
    void start() {
        assumeTrue(LocalBroker.available(), "there is no rabbitmq-server on this machine");
        broker = new LocalBroker(home);
        broker.start();
    }

    @AfterEach
    void wipe() {
        if (broker != null) {
            broker.wipe();
        }
    }

    @Test
    void keepsConfirmedMessagesWhenItIsKilled() throws Exception {
        BrokerEndpoint before = broker.endpoint();
        new TopologyApplier(before, new Secrets(home.resolve("users")))
                .apply(Topology.of(Topology.Spec.of(List.of("default"), RetryLadder.DEFAULT)));
        publish(before);

        broker.kill();
        assertThat(broker.running()).isFalse();
        BrokerEndpoint after = broker.start();

        assertThat(after).isEqualTo(before);
        try (Connection c = after.factory().newConnection()) {
            assertThat(c.createChannel().basicGet(Queues.REPLIES, true)).isNotNull();
        }
    }

    @Test
    void hasNoGuestAndKeepsItsPasswordToItself() throws Exception {
        var factory = broker.endpoint().factory();
        factory.setUsername("guest");
        factory.setPassword("guest");
        assertThatThrownBy(() -> factory.newConnection().close())
                .hasMessageContaining("ACCESS_REFUSED");
        assertThat(mode(home.resolve("rabbitmq.conf"))).isEqualTo("rw-------");
        assertThat(mode(home.resolve("secrets/fleet-admin"))).isEqualTo("rw-------");
    }

    @Test
    void isStartedOnce() {
        long pid = broker.process().orElseThrow().pid();
        new LocalBroker(home).start();
        assertThat(broker.process().orElseThrow().pid()).isEqualTo(pid);
    }

    private static void publish(BrokerEndpoint endpoint) throws Exception {
        try (Connection c = endpoint.factory().newConnection();
                Channel channel = c.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    "llm.replies",
                    "chat.succeeded",
                    MessageProperties.PERSISTENT_BASIC,
                    new byte[1]);
            channel.waitForConfirmsOrDie(60_000);
        }
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
