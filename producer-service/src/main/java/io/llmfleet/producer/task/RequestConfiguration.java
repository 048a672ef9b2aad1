package io.llmfleet.producer.task;

import io.llmfleet.type.TaskTypes;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts together what checks requests. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    DelegationProperties.class,
    TargetProperties.class,
    TypeProperties.class
})
class RequestConfiguration {

    @Bean
    TaskTypes taskTypes(TypeProperties properties) {
        String folder = properties.folder();
        return TaskTypes.load(folder == null ? null : Path.of(folder));
    }

    @Bean
    TaskRequestParser taskRequestParser(
            TaskTypes types, Targets targets, DelegationProperties delegation) {
        return new TaskRequestParser(types, targets, delegation, Clock.systemUTC());
    }

    @Bean
    TaskCounts taskCounts(JdbcTemplate jdbc) {
        return new JdbcTaskCounts(jdbc);
    }

    @Bean
    BatchTasks batchTasks(JdbcTemplate jdbc) {
        return new JdbcBatchTasks(jdbc);
    }
}
