package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.wire.BrokerTrust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails.Address;

class UriConnectionDetailsTests {

    private static UriConnectionDetails read(String uris) {
        return new UriConnectionDetails(uris, BrokerTrust.OF_JDK);
    }

    @Test
    void readsEachNodeAndWhatIsPercentEncoded() {
        var details = read("amqp://ad%40min:pa%2Fss@one:5673/my%2Fhost, amqp://two");
        assertThat(details.getAddresses())
                .containsExactly(new Address("one", 5673), new Address("two", 5672));
        assertThat(details.getUsername()).isEqualTo("ad@min");
        assertThat(details.getPassword()).isEqualTo("pa/ss");
        assertThat(details.getVirtualHost()).isEqualTo("my/host");
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
                "amqp://user:secret@one, amqps://user:secret@two",
                "amqps://user:secret@my_broker",
            })
    void saysWhatIsWrongAndNoPassword(String uris) {
        assertThatThrownBy(() -> read(uris))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("FLEET_BROKER_URI ")
                .hasMessageContaining("amqp")
                .hasMessageNotContaining("secret");
    }
}
