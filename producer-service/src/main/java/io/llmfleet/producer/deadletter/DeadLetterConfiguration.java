package io.llmfleet.producer.deadletter;

import io.llmfleet.broker.BatchConsumer;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.producer.dispatch.Ending;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.Turns;
import io.llmfleet.wire.Queues;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the dead letters together. */
@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    private static final int PREFETCH = 50;

    @Bean
    JdbcDeadLetters deadLetters(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            OpenTasks openTasks,
            Turns turns,
            Limits limits,
            EffectMeters meters) {
        return new JdbcDeadLetters(jdbc, transactions, openTasks, turns, limits, meters);
    }

    @Bean
    StoreSample deadLetterSample(JdbcDeadLetters letters, StoreMeters meters) {
        return () -> letters.tell(meters);
    }

    @Bean
    BatchConsumer deadConsumer(
            ConnectionFactory connectionFactory,
            LinkMetrics metrics,
            DeadLetters deadLetters,
            Ending ending) {
        AmqpDeadQueue queue = new AmqpDeadQueue(deadLetters, ending);
        return new BatchConsumer(
                connectionFactory, metrics, Queues.DEAD, PREFETCH, PREFETCH, queue::handle);
    }
}
