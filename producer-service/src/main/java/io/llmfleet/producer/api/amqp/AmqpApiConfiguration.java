package io.llmfleet.producer.api.amqp;

import io.llmfleet.broker.BatchConsumer;
import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.broker.SeparatePublishers;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.producer.deadletter.DeadLetters;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.task.ResultOutbox;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.BodyEncoder;
import io.llmfleet.wire.Queues;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Connects the AMQP API to the broker. */
@Configuration(proxyBeanMethods = false)
class AmqpApiConfiguration {

    private static final int PREFETCH = 200;

    @Bean
    BatchConsumer submitConsumer(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            Tasks tasks,
            TaskRequestParser parser,
            Limits limits,
            DeadLetters deadLetters,
            Spans spans) {
        AmqpSubmissions submissions =
                new AmqpSubmissions(tasks, parser, limits, deadLetters, spans);
        return new BatchConsumer(
                connectionFactory, metrics, Queues.SUBMIT, PREFETCH, PREFETCH, submissions::handle);
    }

    /** A client's queue that stalls must not hold up the dispatch. */
    @Bean(defaultCandidate = false)
    ConfirmingPublisher resultPublisher(SeparatePublishers publishers) {
        return publishers.create("results");
    }

    @Bean
    ResultMessages resultMessages(
            ResultOutbox outbox,
            @Qualifier("resultPublisher") ConfirmingPublisher publisher,
            BodyEncoder encoder,
            Spans spans) {
        return new ResultMessages(outbox, publisher, encoder, spans);
    }
}
