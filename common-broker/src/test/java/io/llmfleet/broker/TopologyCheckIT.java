package io.llmfleet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.local.Ports;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.support.GenericApplicationContext;

/** A service without its topology says what is missing, before it consumes anything. */
class TopologyCheckIT {

    private static final String THERE = "tested.there";
    private static final String MISSING = "tested.missing";

    private BrokerUnderTest broker;

    @BeforeEach
    void start() throws Exception {
        broker = new BrokerUnderTest();
        broker.exchange(THERE);
        broker.queue(THERE, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void letsAServiceStartThatHasWhatItNeeds() {
        BatchConsumer consumer = consumer(broker.factory());
        try (var service = service(consumer, check(broker.factory(), THERE, THERE))) {
            service.refresh();

            assertThat(consumer.isRunning()).isTrue();
        }
    }

    @Test
    void namesTheQueueOrExchangeThatIsMissing() {
        assertStopped(broker.factory(), THERE, MISSING, "queue " + MISSING, "./fleet topology");
        assertStopped(broker.factory(), MISSING, THERE, "exchange " + MISSING, "./fleet topology");
    }

    @Test
    void tellsABrokerThatIsNotThere() {
        var nowhere = new CachingConnectionFactory("127.0.0.1", Ports.any());

        assertStopped(nowhere, THERE, THERE, "the broker is not reached: ", "refused");
        nowhere.destroy();
    }

    private static void assertStopped(
            ConnectionFactory factory, String exchange, String queue, String... parts) {
        BatchConsumer consumer = consumer(factory);
        try (var service = service(consumer, check(factory, exchange, queue))) {
            assertThatThrownBy(service::refresh).cause().hasMessageContainingAll(parts);

            assertThat(consumer.isRunning()).isFalse();
        }
    }

    private static GenericApplicationContext service(BatchConsumer consumer, TopologyCheck check) {
        var service = new GenericApplicationContext();
        service.registerBean("consumer", BatchConsumer.class, () -> consumer);
        service.registerBean("topologyCheck", TopologyCheck.class, () -> check);
        return service;
    }

    private static TopologyCheck check(ConnectionFactory factory, String exchange, String queue) {
        return new TopologyCheck(factory, List.of(exchange), List.of(queue));
    }

    private static BatchConsumer consumer(ConnectionFactory factory) {
        return new BatchConsumer(factory, new LinkMeters().metrics(), THERE, 10, 10, batch -> {});
    }
}
