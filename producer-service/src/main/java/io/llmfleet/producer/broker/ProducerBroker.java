package io.llmfleet.producer.broker;

import io.llmfleet.broker.BrokerConfiguration;
import io.llmfleet.broker.TopologyCheck;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import java.util.List;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Connects to the broker and checks at the start that what this service uses is there. */
@Configuration(proxyBeanMethods = false)
@Import(BrokerConfiguration.class)
class ProducerBroker {

    @Bean
    TopologyCheck topologyCheck(ConnectionFactory connectionFactory) {
        return new TopologyCheck(
                connectionFactory,
                List.of(Exchanges.INGRESS, Exchanges.RESULTS, Exchanges.EVENTS, Exchanges.CONTROL),
                List.of(Queues.SUBMIT, Queues.REPLIES, Queues.DEAD, Queues.EVENTS, Queues.DELTAS));
    }
}
