package io.llmfleet.router.broker;

import io.llmfleet.broker.BatchConsumer;
import io.llmfleet.broker.BrokerConfiguration;
import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.broker.ProcessName;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.broker.TopologyCheck;
import io.llmfleet.choice.Learning;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.model.Priority;
import io.llmfleet.router.encoder.MiniLmEncoder;
import io.llmfleet.router.metrics.RouterMetrics;
import io.llmfleet.router.routing.Experience;
import io.llmfleet.router.routing.RoutingPolicy;
import io.llmfleet.router.routing.RoutingProperties;
import io.llmfleet.router.routing.WorkerDirectory;
import io.llmfleet.router.rules.ActiveRules;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.WorkerInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;

/**
 * Connects the routing to the broker: a consumer for each priority's ingress, and the announcements
 * of workers.
 */
@Configuration(proxyBeanMethods = false)
@Import(BrokerConfiguration.class)
@EnableConfigurationProperties({RoutingProperties.class, RetryLadderProperties.class})
class RouterBroker {

    private static final String NAME = "router-" + ProcessName.get();
    private static final int PREFETCH = 500;
    private static final int BATCH = 250;
    private static final Duration LOOK_BACK = Duration.ofSeconds(30);

    @Bean
    TopologyCheck topologyCheck(ConnectionFactory connectionFactory, RetryLadderProperties retry) {
        List<String> exchanges =
                new ArrayList<>(List.of(Exchanges.WORK, Exchanges.REPLIES, Exchanges.EVENTS));
        retry.ladder().levels().forEach(l -> exchanges.add(Exchanges.retry(l.name())));
        List<String> queues = new ArrayList<>(List.of(Queues.EVENTS));
        Arrays.stream(Priority.values()).forEach(p -> queues.add(Queues.ingress(p)));
        return new TopologyCheck(connectionFactory, exchanges, queues);
    }

    @Bean
    WorkerDirectory workerDirectory(RoutingProperties properties) {
        return new WorkerDirectory(properties, Clock.systemUTC());
    }

    @Bean
    RouterMetrics routerMetrics(
            MeterRegistry registry, RoutingProperties properties, WorkerDirectory workers) {
        RouterMetrics metrics = new RouterMetrics(registry);
        for (String pool : properties.pools()) {
            metrics.pool(
                    pool,
                    () -> workers.known().in(pool).size(),
                    () -> workers.known().in(pool).stream().mapToInt(WorkerInfo::slots).sum());
        }
        return metrics;
    }

    @Bean
    Experience experience() {
        return new Experience(Learning.DEFAULT);
    }

    @Bean
    ExperienceReader experienceReader(
            ConnectionFactory connectionFactory, LinkMetrics metrics, Experience experience) {
        return new ExperienceReader(connectionFactory, metrics, experience);
    }

    @Bean
    ActiveRules activeRules(
            RoutingProperties properties, RouterMetrics metrics, ExperienceReader reader) {
        return new ActiveRules(
                properties, SingletonSupplier.of(MiniLmEncoder::new), metrics, reader::follow);
    }

    @Bean
    RoutingPolicy routingPolicy(
            RoutingProperties properties, ActiveRules rules, Experience experience) {
        return new RoutingPolicy(
                properties, rules, experience, () -> ThreadLocalRandom.current().nextDouble());
    }

    @Bean
    Questions questions(RoutingPolicy policy, WorkerDirectory workers, EventPublisher events) {
        return new Questions(policy, workers, events, NAME);
    }

    @Bean
    IngressHandler ingressHandler(
            RoutingPolicy policy,
            RetryLadderProperties retry,
            WorkerDirectory workers,
            ConfirmingPublisher publisher,
            EventPublisher events,
            RouterMetrics metrics,
            Spans spans) {
        return new IngressHandler(
                policy, workers, publisher, events, retry.ladder(), NAME, metrics, spans);
    }

    @Bean
    BatchConsumer highIngress(
            ConnectionFactory connectionFactory, LinkMetrics metrics, IngressHandler handler) {
        return ingress(connectionFactory, metrics, Priority.HIGH, handler);
    }

    @Bean
    BatchConsumer normalIngress(
            ConnectionFactory connectionFactory, LinkMetrics metrics, IngressHandler handler) {
        return ingress(connectionFactory, metrics, Priority.NORMAL, handler);
    }

    @Bean
    BatchConsumer lowIngress(
            ConnectionFactory connectionFactory, LinkMetrics metrics, IngressHandler handler) {
        return ingress(connectionFactory, metrics, Priority.LOW, handler);
    }

    @Bean
    StreamReader announcements(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            WorkerDirectory workers,
            Questions questions) {
        Date from = Date.from(Instant.now().minus(LOOK_BACK));
        return new StreamReader(
                connectionFactory,
                metrics,
                Queues.EVENTS,
                from,
                delivery -> {
                    if (delivery.routingKey().startsWith(Event.WORKER + ".")) {
                        workers.heard(Json.read(delivery.body(), WorkerInfo.class));
                    } else if (delivery.routingKey().startsWith(Event.EXPLAIN + ".")) {
                        questions.heard(delivery);
                    }
                });
    }

    private static BatchConsumer ingress(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            Priority priority,
            IngressHandler handler) {
        return new BatchConsumer(
                connectionFactory,
                metrics,
                Queues.ingress(priority),
                PREFETCH,
                BATCH,
                handler::handle);
    }
}
