package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.testing.FleetCommand;
import io.llmfleet.testing.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose host has a name that not everything in Java takes for one. */
class BrokerHostIT {

    private final TestBroker broker = TestBroker.shared().newVhost();

    @TempDir Path folder;

    @Test
    void isReachedThoughItsNameHasAnUnderscore() throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 my_broker\n");
        var fleet =
                new FleetCommand(
                        Path.of(".."),
                        Map.of(
                                "JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + hosts,
                                "FLEET_HOME", folder.resolve("home").toString(),
                                "RABBITMQ_URI", renamed(broker.amqpUri()),
                                "RABBITMQ_MANAGEMENT_URL", renamed(broker.managementUrl())));

        FleetCommand.Outcome made = fleet.run("client", "create", "shop");

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out()).startsWith("amqp://shop:").contains("@my_broker:");
    }

    private static String renamed(String uri) {
        return uri.replaceFirst("(127\\.0\\.0\\.1|localhost):", "my_broker:");
    }
}
