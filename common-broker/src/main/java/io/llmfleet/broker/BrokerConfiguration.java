package io.llmfleet.broker;

import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.tracing.TracingConfiguration;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.BrokerTrust;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionNameStrategy;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.amqp.autoconfigure.CachingConnectionFactoryConfigurer;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Publishing and consuming for a service, on two connections: an alarm of the broker stops the
 * first only.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BrokerProperties.class, WireProperties.class})
@Import(TracingConfiguration.class)
public class BrokerConfiguration {

    private static final String MAIN = "main";

    @Bean
    RabbitConnectionDetails connectionDetails(
            @Value("${spring.rabbitmq.addresses}") String addresses, BrokerProperties properties) {
        return new UriConnectionDetails(addresses, BrokerTrust.read(properties.ca()));
    }

    @Bean
    ConnectionNameStrategy connectionNames(@Value("${spring.application.name}") String service) {
        String process = service + "@" + ProcessName.get();
        return factory -> process;
    }

    @Bean
    LinkMetrics linkMetrics(MeterRegistry registry) {
        return new LinkMetrics(registry);
    }

    @Bean
    BodyEncoder bodyEncoder(WireProperties properties) {
        return properties.encoder();
    }

    @Bean
    ConfirmingPublisher confirmingPublisher(
            CachingConnectionFactory factory, BrokerProperties properties, LinkMetrics metrics) {
        factory.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        ConnectionFactory forPublishing = factory.getPublisherConnectionFactory();
        return new ConfirmingPublisher(
                forPublishing == null ? factory : forPublishing,
                properties.publishWindow(),
                MAIN,
                metrics);
    }

    @Bean
    SeparatePublishers separatePublishers(
            CachingConnectionFactory factory,
            CachingConnectionFactoryConfigurer configurer,
            BrokerProperties properties,
            LinkMetrics metrics) {
        return new SeparatePublishers(factory, configurer, properties, metrics);
    }

    @Bean
    EventPublisher eventPublisher(
            ConfirmingPublisher publisher, BrokerProperties properties, LinkMetrics metrics) {
        return new EventPublisher(publisher, properties.eventGather(), metrics);
    }
}
