package io.llmfleet.producer.job;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.TaskCounts;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.producer.webhook.Webhooks;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts jobs together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobProperties.class)
class JobConfiguration {

    @Bean
    JdbcJobs jobs(JdbcTemplate jdbc) {
        return new JdbcJobs(jdbc);
    }

    @Bean
    JobLeases jobLeases(JdbcTemplate jdbc, JobProperties properties) {
        return new JobLeases(jdbc, properties.lease());
    }

    @Bean
    JobLines jobLines(JdbcTemplate jdbc) {
        return new JobLines(jdbc);
    }

    @Bean
    JobOutput jobOutput(JdbcJobs jobs, JobLines lines, BatchTasks tasks, BatchApi api) {
        return new JobOutput(jobs, lines, tasks, api);
    }

    @Bean
    JobSubmission jobSubmission(
            Files files,
            Tasks tasks,
            BatchTasks batchTasks,
            BatchApi api,
            JobLines lines,
            JobLeases leases,
            TransactionTemplate transactions) {
        return new JobSubmission(
                files, new LineTasks(tasks, batchTasks, api), lines, leases, transactions);
    }

    @Bean
    JobEnd jobEnd(
            JobLeases leases,
            JobOutput output,
            Files files,
            Webhooks webhooks,
            BatchApi api,
            TransactionTemplate transactions) {
        return new JobEnd(leases, output, files, webhooks, api, transactions);
    }

    @Bean
    JobWork jobWork(
            JobLeases leases,
            JobLines lines,
            JobSubmission submission,
            JobEnd end,
            TaskCounts counts,
            BatchTasks tasks,
            Cancellation cancellation,
            Files files,
            TransactionTemplate transactions) {
        return new JobWork(
                leases,
                new JobValidation(files, lines, leases),
                submission,
                end,
                counts,
                tasks,
                cancellation,
                files,
                transactions);
    }

    @Bean
    JobRunner jobRunner(
            JdbcJobs jobs,
            JobLeases leases,
            JobWork work,
            JobProperties properties,
            RetentionProperties retention) {
        return new JobRunner(jobs, leases, work, properties.atOnce(), retention.taskDays());
    }
}
