package io.llmfleet.producer.deadletter;

import io.llmfleet.broker.BatchConsumer;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.producer.dispatch.Ending;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
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
    JdbcLetterIntake letterIntake(JdbcTemplate jdbc, EffectMeters meters) {
        return new JdbcLetterIntake(jdbc, meters);
    }

    @Bean
    LetterDecisions letterDecisions(
            JdbcTemplate jdbc, OpenTasks openTasks, Turns turns, Limits limits) {
        return new LetterDecisions(jdbc, openTasks, turns, limits);
    }

    @Bean
    DeadLetters deadLetters(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            JdbcLetterIntake intake,
            LetterDecisions decisions,
            Tasks tasks,
            TaskRequestParser parser) {
        LetterCopies copies = new LetterCopies(jdbc, transactions, decisions, tasks, parser);
        return new JdbcDeadLetters(jdbc, transactions, intake, decisions, copies);
    }

    @Bean
    JdbcLetterJobs letterJobs(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new JdbcLetterJobs(jdbc, transactions);
    }

    @Bean
    JdbcLetterPolicies letterPolicies(
            JdbcTemplate jdbc, TransactionTemplate transactions, JdbcLetterJobs jobs) {
        return new JdbcLetterPolicies(jdbc, transactions, jobs);
    }

    @Bean
    LetterRunner letterRunner(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            LetterDecisions decisions,
            JdbcLetterJobs jobs,
            JdbcLetterPolicies policies,
            Workers workers,
            RetentionProperties retention) {
        return new LetterRunner(
                jobs,
                new LetterJobWork(jdbc, transactions, decisions),
                policies,
                new BreakerWatch(jdbc, workers),
                retention.taskDays());
    }

    @Bean
    StoreSample deadLetterSample(JdbcLetterIntake intake, StoreMeters meters) {
        return () -> intake.tell(meters);
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
