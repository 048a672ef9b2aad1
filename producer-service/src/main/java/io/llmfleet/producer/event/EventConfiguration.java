package io.llmfleet.producer.event;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.broker.StreamReader;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.producer.dispatch.DispatchProperties;
import io.llmfleet.producer.dispatch.FleetWorkers;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.TaskWaiters;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Queues;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Supplier;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the event stream in every replica, from a little before the start on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class EventConfiguration {

    private static final Duration LOOK_BACK = Duration.ofSeconds(30);

    @Bean
    LiveWorkers liveWorkers() {
        return new LiveWorkers(Clock.systemUTC());
    }

    @Bean
    Supplier<FleetWorkers> fleetWorkers(LiveWorkers workers) {
        return workers::sum;
    }

    @Bean
    AskedRouters askedRouters(EventPublisher events) {
        return new AskedRouters(events);
    }

    @Bean
    EventStream eventStream(
            OpenTasks openTasks,
            TaskWaiters waiters,
            LiveWorkers workers,
            QueueLossListener queueLoss,
            TaskLogs logs,
            AskedRouters routers,
            DispatchProperties properties) {
        return new EventStream(
                waiters,
                new TaskProgress(openTasks, properties.askAgainAfter()),
                workers,
                queueLoss,
                logs,
                routers);
    }

    @Bean
    StreamReader eventReader(
            ConnectionFactory connectionFactory, LinkMetrics metrics, EventStream events) {
        Date from = Date.from(Instant.now().minus(LOOK_BACK));
        return new StreamReader(connectionFactory, metrics, Queues.EVENTS, from, events::handle);
    }

    @Bean
    TaskLogs taskLogs(StreamProperties properties) {
        return new TaskLogs(properties);
    }

    @Bean
    TaskStreams taskStreams(TaskLogs logs, Tasks tasks, TaskWaiters waiters) {
        return new TaskStreams(logs, tasks, waiters);
    }

    /** From so long ago that a stream that began on another replica can go on here. */
    @Bean
    StreamReader deltaReader(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            EventStream events,
            StreamProperties properties) {
        Date from = Date.from(Instant.now().minus(properties.recent()));
        return new StreamReader(
                connectionFactory, metrics, Queues.DELTAS, from, events::handleDeltas);
    }
}
