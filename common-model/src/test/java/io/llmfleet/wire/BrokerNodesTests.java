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
        BrokerNodes nodes = BrokerNodes.amqp(NAME, "amqps://u:p@broker:5671/%2F");
        assertThat(nodes.texts()).containsExactly("amqps://u:p@broker:5671/%2F");
        assertThat(nodes.encrypted()).isTrue();
    }

    @Test
    void commasSeparateNodes() {
        BrokerNodes nodes = BrokerNodes.amqp(NAME, "amqp://u:p@a:5672/v, amqp://u:p@b:5673/v");
        assertThat(nodes.texts()).containsExactly("amqp://u:p@a:5672/v", "amqp://u:p@b:5673/v");
        assertThat(nodes).hasToString("amqp://u:p@a:5672/v,amqp://u:p@b:5673/v");
        assertThat(nodes.encrypted()).isFalse();
    }

    @Test
    void theDefaultVirtualHostMayBeSpelledOut() {
        assertThat(BrokerNodes.amqp(NAME, "amqp://u:p@a,amqp://u:p@b/%2F").uris()).hasSize(2);
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
        assertThatThrownBy(() -> BrokerNodes.amqp(NAME, uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("RABBITMQ_URI is no AMQP URI")
                .hasMessageContaining("amqp:// or amqps://user:password@host:port/vhost")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqp://u:p@a/v,", "amqp://u:p@a/v,b:5672", "amqp://u:p@a/v,,"})
    void saysWhichOneOfAListIsNone(String list) {
        assertThatThrownBy(() -> BrokerNodes.amqp(NAME, list))
                .hasMessageStartingWith("RABBITMQ_URI is no AMQP URI at place 2;");
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
        assertThatThrownBy(() -> BrokerNodes.amqp(NAME, list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "RABBITMQ_URI has another " + what + " at place 3 than at the first;")
                .hasMessageNotContaining("secret");
    }

    @Test
    void slashesAtTheEndOfManagementUrlsDoNotMatter() {
        BrokerNodes nodes =
                BrokerNodes.management("RABBITMQ_MANAGEMENT_URL", "http://a:1/ ,http://b:2//");
        assertThat(nodes).hasToString("http://a:1,http://b:2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "somewhere | is no URL; accepted: http:// or https://host:port",
                "amqp://host | is no URL; ",
                "http://a,ftp://b | is no URL at place 2; ",
                "http://a,https://b | has another scheme at place 2 than at the first; "
            })
    void saysHowAManagementUrlLooks(String list, String message) {
        assertThatThrownBy(() -> BrokerNodes.management("RABBITMQ_MANAGEMENT_URL", list))
                .hasMessageStartingWith("RABBITMQ_MANAGEMENT_URL " + message);
    }
}
