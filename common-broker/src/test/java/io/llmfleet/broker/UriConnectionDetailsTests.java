package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.wire.BrokerTrust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails.Address;

class UriConnectionDetailsTests {

    @Test
    void allNodesHaveTheSameUserAndVirtualHost() {
        var details =
                read("amqp://us%40er:pa%2Css@a:5673/my%2Fhost, amqp://us%40er:pa%2Css@b/my%2Fhost");

        assertThat(details.getAddresses())
                .containsExactly(new Address("a", 5673), new Address("b", 5672));
        assertThat(details.getUsername()).isEqualTo("us@er");
        assertThat(details.getPassword()).isEqualTo("pa,ss");
        assertThat(details.getVirtualHost()).isEqualTo("my/host");
        assertThat(details.getSslBundle()).isNull();
    }

    @Test
    void encryptsConnectionsToAllNodes() {
        var details = read("amqps://u:p@a,amqps://u:p@b");

        assertThat(details.getAddresses())
                .containsExactly(new Address("a", 5671), new Address("b", 5671));
        assertThat(details.getSslBundle()).isNotNull();
    }

    @Test
    void takesAHostWithAnUnderscore() {
        var details = read("amqp://user:secret@my_broker:5673/v");
        assertThat(details.getAddresses()).containsExactly(new Address("my_broker", 5673));
        assertThat(details.getUsername()).isEqualTo("user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://user:secret@broker",
                "amqp://user:secret@broker:port",
                "amqp://user:secret@broker/x/y",
                "amqp://user:secret@one, amqps://user:secret@two",
                "amqps://user:secret@my_broker",
            })
    void saysWhatIsWrongAndNoPassword(String uris) {
        assertThatThrownBy(() -> read(uris))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("FLEET_BROKER_URI ")
                .hasMessageNotContaining("secret");
    }

    private static UriConnectionDetails read(String uris) {
        return new UriConnectionDetails(uris, BrokerTrust.OF_JDK);
    }
}
