package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerBrokerIT {

    @TempDir Path folder = Path.of("");

    @Test
    void saysWhatIsLeftOfAFleetWhoseFolderWasDeleted() {
        assumeTrue(DockerBroker.available(), "Docker does not answer, or has no broker's image");
        DockerBroker broker = new DockerBroker(folder.resolve("broker"));
        String name = broker.description().split(" ")[2];
        List<String> create = List.of("docker", "volume", "create", name);
        assertThat(Programs.run(Duration.ofSeconds(20), Map.of(), create).ok()).isTrue();

        try {
            assertThatThrownBy(broker::start)
                    .isInstanceOf(FleetException.class)
                    .hasMessageContaining("docker volume rm " + name);
        } finally {
            broker.wipe();
        }
    }
}
