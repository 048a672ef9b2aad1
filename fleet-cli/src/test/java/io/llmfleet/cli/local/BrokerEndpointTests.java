package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.FleetException;
import org.junit.jupiter.api.Test;

class BrokerEndpointTests {

    private final BrokerEndpoint endpoint =
            new BrokerEndpoint("amqps://ad%40min:pa%2Fss@broker.example:5671/my%2Fhost", null);

    @Test
    void readsWhatIsPercentEncoded() {
        assertThat(endpoint.user()).isEqualTo("ad@min");
        assertThat(endpoint.password()).isEqualTo("pa/ss");
        assertThat(endpoint.vhost()).isEqualTo("my/host");
    }

    @Test
    void givesAnotherUserTheSameBrokerAndVirtualHost() {
        assertThat(endpoint.uriOf("shop", "a+b c"))
                .isEqualTo("amqps://shop:a%2Bb%20c@broker.example:5671/my%2Fhost");
    }

    @Test
    void keepsAHostWithAnUnderscore() {
        var other = new BrokerEndpoint("amqp://ad_min:p@my_broker:5673/v_h", null);
        assertThat(other.address()).isEqualTo("my_broker:5673");
        assertThat(other.user()).isEqualTo("ad_min");
        assertThat(other.uriOf("shop", "p")).isEqualTo("amqp://shop:p@my_broker:5673/v_h");
        assertThat(other.onVhost("w").address()).isEqualTo("my_broker:5673");
    }

    @Test
    void showsNoPasswordInItsAddress() {
        assertThat(endpoint.address()).isEqualTo("broker.example:5671");
    }

    @Test
    void givesAnotherUserAllNodes() {
        var nodes = new BrokerEndpoint("amqp://u:p@a:1/v,amqp://u:p@b/v", null);
        assertThat(nodes.address()).isEqualTo("a:1, b:5672");
        assertThat(nodes.uriOf("shop", "x,y"))
                .isEqualTo("amqp://shop:x%2Cy@a:1/v,amqp://shop:x%2Cy@b/v");
        assertThat(nodes.onVhost("/").amqpUri()).isEqualTo("amqp://u:p@a:1/%2F,amqp://u:p@b/%2F");
    }

    @Test
    void saysHowAUriLooks() {
        assertThatThrownBy(() -> new BrokerEndpoint("http://broker", null).address())
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("amqp:// or amqps://user:password@host:port/vhost");
    }
}
