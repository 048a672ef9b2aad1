package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.wire.BrokerTrust;
import org.junit.jupiter.api.Test;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails.Address;

class UriConnectionDetailsTests {

    @Test
    void allNodesHaveTheSameUserAndVirtualHost() {
        var details = details("amqp://us%40er:pa%2Css@a:5673/my%2Fhost,amqp://us%40er:pa%2Css@b/my%2Fhost");

        assertThat(details.getAddresses())
                .containsExactly(new Address("a", 5673), new Address("b", 5672));
        assertThat(details.getUsername()).isEqualTo("us@er");
        assertThat(details.getPassword()).isEqualTo("pa,ss");
        assertThat(details.getVirtualHost()).isEqualTo("my/host");
        assertThat(details.getSslBundle()).isNull();
    }

    @Test
    void encryptsConnectionsToAllNodes() {
        var details = details("amqps://u:p@a,amqps://u:p@b");

        assertThat(details.getAddresses())
                .containsExactly(new Address("a", 5671), new Address("b", 5671));
        assertThat(details.getSslBundle()).isNotNull();
    }

    @Test
    void namesTheVariableThatIsWrong() {
        assertThatThrownBy(() -> details(" "))
                .hasMessageStartingWith("FLEET_BROKER_URI is missing; accepted: amqp://");
        assertThatThrownBy(() -> details("amqp://u:p@a/x/y"))
                .hasMessageStartingWith("FLEET_BROKER_URI is no AMQP URI; accepted: amqp://");
        assertThatThrownBy(() -> details("amqp://u:p@a,amqps://u:p@b"))
                .hasMessageStartingWith("FLEET_BROKER_URI has another scheme at place 2");
    }

    private static UriConnectionDetails details(String uris) {
        return new UriConnectionDetails(uris, BrokerTrust.OF_JDK);
    }
}
