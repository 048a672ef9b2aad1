package io.llmfleet.producer.result;

import io.llmfleet.broker.BatchConsumer;
import io.llmfleet.broker.EventPublisher;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.producer.delegation.Delegator;
import io.llmfleet.producer.dispatch.Throughput;
import io.llmfleet.producer.metrics.TaskMeters;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Queues;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Consumes the reply queue, competing with the other replicas. */
@Configuration(proxyBeanMethods = false)
class ResultConfiguration {

    private static final int PREFETCH = 1_000;
    private static final int BATCH = 400;

    @Bean
    Finals finals(TaskOutcomes outcomes, EventPublisher events, Throughput throughput) {
        return new Finals(outcomes, events, throughput);
    }

    @Bean
    BatchConsumer replyConsumer(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            TaskOutcomes outcomes,
            OpenTasks openTasks,
            Delegator delegator,
            Finals finals,
            TaskMeters meters,
            Spans spans) {
        Replies replies = new Replies(outcomes, openTasks, delegator, finals, meters, spans);
        return new BatchConsumer(
                        connectionFactory,
                        metrics,
                        Queues.REPLIES,
                        PREFETCH,
                        BATCH,
                        replies::handle)
                .stopsAfterRequests();
    }
}
