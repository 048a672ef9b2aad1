package io.llmfleet.producer.task;

import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import io.llmfleet.producer.metrics.TaskMeters;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the task store together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TaskProperties.class, RetentionProperties.class})
class TaskConfiguration {

    @Bean
    TaskWaiters taskWaiters(
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration shutdown) {
        // The web server gives up on requests after that time; they shall have an answer before.
        return new TaskWaiters(shutdown.dividedBy(2));
    }

    @Bean
    OpenTasks openTasks(JdbcTemplate jdbc, TaskMeters meters) {
        return new JdbcOpenTasks(jdbc, meters);
    }

    @Bean
    LaneLooks laneLooks(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new JdbcLaneLooks(jdbc, transactions);
    }

    @Bean
    Turns turns(JdbcTemplate jdbc) {
        return new JdbcTurns(jdbc);
    }

    /** The dispatch asks it for bodies, so it finds the dispatch when it needs it. */
    @Bean
    JdbcDelegations delegations(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            ObjectProvider<DispatchGate> gate,
            TaskMeters meters) {
        JdbcTaskStore store = new JdbcTaskStore(jdbc, transactions, List.of());
        return new JdbcDelegations(jdbc, store, gate::getObject, meters);
    }

    @Bean
    WaitingTasks waitingTasks(JdbcTemplate jdbc) {
        return new JdbcWaitingTasks(jdbc);
    }

    @Bean
    JdbcResultOutbox resultOutbox(JdbcTemplate jdbc) {
        return new JdbcResultOutbox(jdbc);
    }

    @Bean
    TaskOutcomes taskOutcomes(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            ObjectProvider<TaskOutcomes.Follower> followers,
            TaskProperties properties,
            TaskWaiters waiters,
            TaskMeters meters,
            EffectMeters effects) {
        List<TaskOutcomes.Follower> inOrder = followers.orderedStream().toList();
        return new JdbcTaskOutcomes(
                jdbc, transactions, inOrder, properties.fencing(), waiters, meters, effects);
    }

    @Bean
    Tasks tasks(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            TaskProperties properties,
            DispatchGate gate,
            Admission admission,
            TaskWaiters waiters,
            List<Tasks.Keeper> keepers,
            TaskMeters meters) {
        JdbcTaskStore store = new JdbcTaskStore(jdbc, transactions, keepers);
        return new StoredTasks(store, properties, gate, admission, waiters, meters);
    }

    @Bean
    StoreSample openTaskSample(JdbcTemplate jdbc, StoreMeters meters) {
        return new OpenTaskSample(jdbc, meters);
    }

    @Bean
    StoreSample resultSample(JdbcResultOutbox outbox, StoreMeters meters) {
        return () -> outbox.tell(meters);
    }

    @Bean
    TaskPartitions taskPartitions(JdbcTemplate jdbc, RetentionProperties retention) {
        return new TaskPartitions(jdbc, retention);
    }
}
