package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RabbitMqInstallerTests {

    @Test
    void installsNothingWhereItMayNotAndSaysWhatElseHelps() {
        List<String> progress = new ArrayList<>();
        assertThatThrownBy(() -> RabbitMqInstaller.install(false, progress::add))
                .isInstanceOf(FleetException.class)
                .hasMessageContainingAll(
                        "no broker", "--no-install", "RABBITMQ_URI", "Docker", "3.10");
        assertThat(progress).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "3.9.29, false",
        "3.10.0, true",
        "3.10.8, true",
        "3.13.7, true",
        "4.3.6, true",
        "4.0.0-rc.1, true",
        "unknown, false",
        "'', false"
    })
    void takesServersFrom310On(String version, boolean recent) {
        var installation = new RabbitMqInstallation(Path.of("rabbitmq-server"), version);
        assertThat(installation.recentEnough()).isEqualTo(recent);
    }
}
