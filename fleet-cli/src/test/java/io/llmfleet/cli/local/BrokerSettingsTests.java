package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BrokerSettingsTests {

    private static final Path DEPLOYED = Path.of("..", "deploy", "rabbitmq");

    @Test
    void areThoseOfBrokersThatOthersStart() throws IOException {
        assertThat(Files.readAllLines(DEPLOYED.resolve("20-fleet.conf")))
                .containsAll(BrokerSettings.conf().lines().toList());
        assertThat(DEPLOYED.resolve("advanced.config")).hasContent(BrokerSettings.advanced());
    }
}
