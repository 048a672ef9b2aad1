package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUriTests {

    @ParameterizedTest
    @CsvSource({
        "amqp://u:p@broker.example:5672/%2F, broker.example, 5672",
        "amqp://u:p@my_broker:5672/%2F, my_broker, 5672",
        "amqp://u_1:p_2@my_broker/v_h, my_broker, -1",
        "amqp://_broker, _broker, -1",
        "amqp://u:p@rabbit_1.fleet_net?heartbeat=10, rabbit_1.fleet_net, -1",
        "amqp://u_1:p_2@broker/v_h, broker, -1",
        "amqps://u:p@[::1]:5671/v, [::1], 5671",
    })
    void findsTheHost(String uri, String host, int port) {
        BrokerUri found = BrokerUri.parse(uri);
        assertThat(found.host()).isEqualTo(host);
        assertThat(found.readable().getHost()).isNotNull();
        assertThat(found.readable().getPort()).isEqualTo(port);
    }

    @Test
    void keepsTheRestOfTheUri() {
        assertThat(BrokerUri.parse("amqp://u_1:p%40@my_broker:5673/a%2Fb?heartbeat=10").readable())
                .hasToString("amqp://u_1:p%40@localhost:5673/a%2Fb?heartbeat=10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amqp://u:secret@broker:port/v",
                "amqp://u:secret@bro ker/v",
                "amqp://u:secret@my_broker:port/v",
                "amqp://u:secret@my_broker_ü:5672/v",
                "amqp://u:se@cret@broker/v",
                "amqp:u:secret@broker",
                "amqp:///vhost",
                "amqp://",
                "",
            })
    void takesNoHostFromAUriThatHasNone(String uri) {
        assertThatThrownBy(() -> BrokerUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is not of the form " + BrokerUri.ACCEPTED)
                .hasNoCause();
    }

    @Test
    void saysThatNoCertificateIsForAHostWithAnUnderscore() {
        assertThatThrownBy(() -> BrokerUri.parse("amqps://u:secret@my_broker:5671/v"))
                .hasMessageContaining("my_broker")
                .hasMessageContaining("certificate")
                .hasMessageNotContaining("secret");
    }
}
