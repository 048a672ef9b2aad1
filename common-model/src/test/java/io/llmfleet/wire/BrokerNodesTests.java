package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerNodesTests {

    private static final String NAME = "RABBITMQ_URI";

    @Test
    void oneUriIsOneNode() {
        BrokerNodes nodes = BrokerNodes.parse(NAME, "amqps://u:p@broker:5671/%2F");
        assertThat(nodes).hasToString("amqps://u:p@broker:5671/%2F");
        assertThat(nodes.encrypted()).isTrue();
    }

    @Test
    void commasSeparateNodes() {
        BrokerNodes nodes = BrokerNodes.parse(NAME, "amqp://u:p@a:5672/v, amqp://u:p@b:5673/v");
        assertThat(nodes.uris()).extracting(BrokerUri::host).containsExactly("a", "b");
        assertThat(nodes).hasToString("amqp://u:p@a:5672/v,amqp://u:p@b:5673/v");
        assertThat(nodes.encrypted()).isFalse();
    }

    @Test
    void theDefaultVirtualHostMayBeSpelledOut() {
        assertThat(BrokerNodes.parse(NAME, "amqp://u:p@a,amqp://u:p@b/%2F").uris()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no broker",
                "http://u:p@host",
                "amqp://u:secret@",
                "amqp:///vhost",
                "amqp://u:se,cret@host:5672/"
            })
    void saysHowAUriLooks(String uri) {
        assertThatThrownBy(() -> BrokerNodes.parse(NAME, uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("RABBITMQ_URI ")
                .hasMessageContaining("amqp:// or amqps://user:password@host:port/vhost")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqp://u:p@a/v,", "amqp://u:p@a/v,b:5672", "amqp://u:p@a/v,,"})
    void saysWhichOneOfAListIsNone(String list) {
        assertThatThrownBy(() -> BrokerNodes.parse(NAME, list))
                .hasMessageStartingWith("RABBITMQ_URI at place 2 is not of the form amqp://");
    }

    @ParameterizedTest
    @CsvSource({
        "amqps://u:secret@b/v, scheme",
        "amqp://other:secret@b/v, user or password",
        "amqp://u:wrong@b/v, user or password",
        "amqp://b/v, user or password",
        "amqp://u:secret@b/w, virtual host",
        "amqp://u:secret@b, virtual host"
    })
    void namesWhatDiffersBetweenNodes(String second, String what) {
        String list = "amqp://u:secret@a/v,amqp://u:secret@c/v," + second;
        assertThatThrownBy(() -> BrokerNodes.parse(NAME, list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "RABBITMQ_URI has another " + what + " at place 3 than at the first;")
                .hasMessageNotContaining("secret");
    }

    @Test
    void otherUserHasTheSameNodes() {
        BrokerNodes nodes = BrokerNodes.parse(NAME, "amqp://u:p@my_broker/v,amqp://u:p@b:5673/v");
        assertThat(nodes.with("you:no%20one", "%2F"))
                .hasToString("amqp://you:no%20one@my_broker/%2F,amqp://you:no%20one@b:5673/%2F");
    }
}
