package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.FleetException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagementUrlTests {

    @ParameterizedTest
    @CsvSource({
        "http://broker:15672/, false, http://broker:15672",
        "http://my_broker:15672, false, http://my_broker:15672",
        "https://broker:15671//, true, https://broker:15671",
        "https://broker/rabbit/, false, https://broker/rabbit",
        "http://[::1]:15672, false, http://[::1]:15672",
    })
    void takesTheSlashFromItsEnd(String given, boolean encrypted, String expected) {
        assertThat(ManagementUrl.require(given, encrypted)).isEqualTo(expected);
    }

    @Test
    void takesOneForEachNode() {
        assertThat(ManagementUrl.require("http://a:1/ ,http://b:2//", false))
                .isEqualTo("http://a:1,http://b:2");
    }

    @ParameterizedTest
    @CsvSource({
        "'http://a,ftp://b', false, http:// or https://",
        "'http://a,', false, http:// or https://",
        "http://broker:15672, true, accepted: https://",
        "https://my_broker:15671, true, underscore",
        "broker:15672, false, http:// or https://",
        "amqp://broker, false, http:// or https://",
        "http://admin:secret@broker:15672, false, http:// or https://",
    })
    void namesTheSettingThatIsRefused(String given, boolean encrypted, String why) {
        assertThatThrownBy(() -> ManagementUrl.require(given, encrypted))
                .isInstanceOfSatisfying(
                        FleetException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(FleetException.USAGE))
                .hasMessageStartingWith("RABBITMQ_MANAGEMENT_URL ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }

    @Test
    void changesNoHostThatTheClientKnows() throws Exception {
        assertThat(ManagementUrl.uri("https://broker:15671/api/users/a_b"))
                .hasToString("https://broker:15671/api/users/a_b");
    }

    @Test
    void looksUpAHostThatTheClientDoesNotKnow() {
        assertThatThrownBy(() -> ManagementUrl.uri("http://no_such.invalid:15672/api/users"))
                .isInstanceOf(UnknownHostException.class);
    }
}
