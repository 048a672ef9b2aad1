package io.llmfleet.worker.broker;

import io.llmfleet.broker.BrokerConfiguration;
import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.broker.ProcessName;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.broker.TopologyCheck;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.model.Priority;
import io.llmfleet.tracing.Spans;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Queues;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.execution.DeltaGrouping;
import io.llmfleet.worker.execution.DeltaOutbox;
import io.llmfleet.worker.execution.RunningTasks;
import io.llmfleet.worker.execution.Settlement;
import io.llmfleet.worker.execution.Slots;
import io.llmfleet.worker.execution.Stopping;
import io.llmfleet.worker.execution.TaskRunner;
import io.llmfleet.worker.execution.WorkEvents;
import io.llmfleet.worker.execution.WorkerProperties;
import io.llmfleet.worker.metrics.WorkMeters;
import io.llmfleet.worker.recovery.RecoveryPolicy;
import io.llmfleet.worker.recovery.RecoveryProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Connects the execution of tasks to the broker. */
@Configuration(proxyBeanMethods = false)
@Import(BrokerConfiguration.class)
@EnableConfigurationProperties({WorkerProperties.class, RecoveryProperties.class})
class WorkerBroker {

    private static final List<String> LANES =
            Arrays.stream(Priority.values()).map(Priority::wire).toList();

    private static final Logger log = LoggerFactory.getLogger(WorkerBroker.class);

    @Bean
    TopologyCheck topologyCheck(
            ConnectionFactory connectionFactory,
            WorkerProperties properties,
            RecoveryProperties recovery) {
        List<String> exchanges =
                new ArrayList<>(List.of(Exchanges.REPLIES, Exchanges.EVENTS, Exchanges.DELTAS));
        recovery.ladder().levels().forEach(l -> exchanges.add(Exchanges.retry(l.name())));
        List<String> queues =
                new ArrayList<>(List.of(Queues.CONTROL, Queues.quarantine(properties.pool())));
        Arrays.stream(Priority.values())
                .forEach(p -> queues.add(Queues.work(properties.pool(), p)));
        return new TopologyCheck(connectionFactory, exchanges, queues);
    }

    @Bean
    RunningTasks runningTasks(WorkerProperties properties) {
        return new RunningTasks(Clock.systemUTC(), properties.requireHeartbeat());
    }

    @Bean
    StreamReader controlReader(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            RunningTasks running,
            EventPublisher events,
            WorkerProperties properties) {
        ControlReader reader = new ControlReader(running, events, name(properties));
        return new StreamReader(
                connectionFactory, metrics, Queues.CONTROL, "first", reader::handle);
    }

    @Bean
    WorkEvents workEvents(EventPublisher events, WorkerProperties properties) {
        return new WorkEvents(events, name(properties));
    }

    @Bean
    WorkMeters workMeters(
            MeterRegistry registry, WorkerProperties properties, RunningTasks running) {
        WorkMeters meters = new WorkMeters(registry, properties.pool());
        meters.heartbeat(running::heartbeatAge);
        return meters;
    }

    @Bean
    Settlement settlement(
            ConfirmingPublisher publisher,
            BodyEncoder encoder,
            RecoveryProperties recovery,
            WorkEvents events,
            WorkMeters meters,
            WorkerProperties properties) {
        if (properties.ackBeforePublish()) {
            log.warn(
                    "fleet.worker.ack-before-publish is on: THIS WORKER LOSES RESULTS; it is for testing a checker");
        }
        String name = name(properties);
        return new Settlement(
                new AmqpOutbox(publisher, encoder, name),
                recovery.ladder(),
                events,
                meters,
                properties,
                name,
                Clock.systemUTC());
    }

    @Bean
    AmqpDeltas deltaOutbox(ConfirmingPublisher publisher) {
        return new AmqpDeltas(publisher);
    }

    @Bean
    DeltaGrouping deltaGrouping(DeltaOutbox outbox) {
        return new DeltaGrouping(outbox);
    }

    @Bean
    TaskRunner taskRunner(
            TaskTypes types,
            Backends backends,
            RecoveryProperties recovery,
            RunningTasks running,
            Settlement settlement,
            DeltaGrouping deltas,
            WorkEvents events,
            WorkMeters meters,
            Spans spans) {
        return new TaskRunner(
                types,
                backends,
                new RecoveryPolicy(recovery.ladder(), recovery.invalidOutputAttempts()),
                running,
                settlement,
                deltas,
                events,
                meters,
                spans,
                Clock.systemUTC());
    }

    @Bean
    WorkerLanes workerLanes(
            ConnectionFactory connectionFactory,
            LinkMetrics links,
            WorkMeters meters,
            Backends backends,
            RunningTasks running,
            TaskRunner runner,
            EventPublisher events,
            WorkerProperties properties) {
        return new WorkerLanes(
                connectionFactory,
                links,
                meters,
                new Slots(properties.slots(), LANES, backends, running, runner, meters),
                new Slots(1, List.of("quarantine"), backends, running, runner, meters),
                new Stopping(running),
                backends,
                running,
                events,
                properties,
                name(properties));
    }

    private static String name(WorkerProperties properties) {
        return properties.name().isBlank() ? ProcessName.get() : properties.name();
    }
}
