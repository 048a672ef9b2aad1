package io.llmfleet.producer.batch;

import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.TaskCounts;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts batches together. */
@Configuration(proxyBeanMethods = false)
class BatchConfiguration {

    @Bean
    Batches batches(JdbcClient jdbc, TaskCounts counts, RetentionProperties retention) {
        return new JdbcBatches(jdbc, counts, retention.taskDays());
    }

    @Bean
    BatchIntake batchIntake(Tasks tasks, TaskRequestParser parser) {
        return new BatchIntake(tasks, parser);
    }
}
