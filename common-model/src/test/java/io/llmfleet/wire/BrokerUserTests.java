package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUserTests {

    private static final Topology TOPOLOGY =
            Topology.of(
                    new Topology.Spec(
                            List.of("default", "gpu"),
                            RetryLadder.DEFAULT,
                            List.of("shop", "till"),
                            100));

    private static final BrokerUser SHOP = BrokerUser.client("shop");

    static List<BrokerUser> services() {
        return BrokerUser.SERVICES;
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceConfiguresNothing(BrokerUser service) {
        assertThat(names().filter(name -> matches(service.configure(), name))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceBindsNothingToWhatItReads(BrokerUser service) {
        assertThat(TOPOLOGY.exchanges())
                .filteredOn(exchange -> matches(service.read(), exchange))
                .isNotEmpty()
                .allSatisfy(
                        exchange ->
                                assertThat(Stream.of("#", "", "*", "final.chat", "a\nb"))
                                        .noneMatch(key -> binds(service, exchange, key)));
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceWritesWithEveryKey(BrokerUser service) {
        assertThat(TOPOLOGY.exchanges())
                .filteredOn(exchange -> matches(service.write(), exchange))
                .isNotEmpty()
                .allSatisfy(
                        exchange ->
                                assertThat(Stream.of("", "cancel", "final.chat", "chat.any:1/b"))
                                        .allMatch(key -> writes(service, exchange, key)));
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceCannotTakeAQueueFromTheExchangeThatFillsIt(BrokerUser service) {
        List<String> streams = List.of(Queues.EVENTS, Queues.DELTAS, Queues.CONTROL);
        assertThat(TOPOLOGY.bindings())
                .filteredOn(binding -> matches(service.write(), binding.queue()))
                .filteredOn(binding -> matches(service.read(), binding.exchange()))
                .allMatch(binding -> streams.contains(binding.queue()));
    }

    @ParameterizedTest
    @CsvSource({
        "*.*.shop.main, true",
        "*.*.shop.#, true",
        "#, false",
        "*.*.*.main, false",
        "*.*.till.main, false",
        "*.*.shop-2.main, false",
        "chat.*.shop.main, false",
        "#.shop.main, false",
    })
    void clientBindsToItsOwnResultsOnly(String key, boolean expected) {
        assertThat(binds(SHOP, Exchanges.RESULTS, key)).isEqualTo(expected);
    }

    @Test
    void clientHasItsOwnNamesAndNoOther() {
        assertThat(List.of("shop.answers", "shop.a.b")).allMatch(n -> matches(SHOP.configure(), n));
        assertThat(Stream.concat(names(), Stream.of("shop", "shop-2.answers", "my.shop.answers")))
                .noneMatch(n -> matches(SHOP.configure(), n));
        assertThat(names().filter(n -> matches(SHOP.write(), n)))
                .containsExactly(Exchanges.submit("shop"));
        assertThat(names().filter(n -> matches(SHOP.read(), n))).containsExactly(Exchanges.RESULTS);
    }

    @Test
    void clientWritesNoResult() {
        assertThat(Stream.of("", "chat.succeeded.shop.main"))
                .noneMatch(key -> writes(SHOP, Exchanges.RESULTS, key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llm",
                "amq",
                "guest",
                "fleet-worker",
                "fleet-admin",
                "fleet-",
                "Shop",
                "a.b"
            })
    void noClientHasANameThatIsTaken(String name) {
        assertThatThrownBy(() -> BrokerUser.client(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client '" + name + "'");
        assertThatThrownBy(
                        () ->
                                new Topology.Spec(
                                        List.of("default"), RetryLadder.DEFAULT, List.of(name), 1))
                .hasMessageContaining("client '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "llm-shop", "amqp", "fleet", "my-fleet-shop"})
    void clientHasAnyOtherName(String name) {
        assertThat(BrokerUser.client(name).name()).isEqualTo(name);
    }

    private static Stream<String> names() {
        return Stream.of(
                        TOPOLOGY.exchanges().stream(),
                        TOPOLOGY.queues().stream().map(Topology.Queue::name),
                        Stream.of("amq.default", "amq.topic", "amq.gen-1", "new"))
                .flatMap(s -> s)
                .distinct();
    }

    private static boolean writes(BrokerUser user, String exchange, String key) {
        Map<String, BrokerUser.Keys> keys = user.keys();
        return !keys.containsKey(exchange) || matches(keys.get(exchange).written(), key);
    }

    private static boolean binds(BrokerUser user, String exchange, String key) {
        Map<String, BrokerUser.Keys> keys = user.keys();
        return !keys.containsKey(exchange) || matches(keys.get(exchange).bound(), key);
    }

    /** As RabbitMQ does: anywhere in the text. */
    private static boolean matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }
}
