package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.pipeline.definition.DefinitionError;
import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.Targets;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.type.TaskTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts pipelines together. */
@Configuration(proxyBeanMethods = false)
class PipelineConfiguration {

    private final StoredDefinitions definitions = new StoredDefinitions();

    @Bean
    Pipelines pipelines(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            TaskTypes types,
            Targets targets,
            TaskRequestParser parser) {
        DefinitionReader reader =
                new DefinitionReader(
                        name -> types.find(name).isPresent(),
                        targets::accepts,
                        delegation ->
                                parser.checkDelegation(delegation).stream()
                                        .map(PipelineConfiguration::inDelegation)
                                        .toList());
        return new JdbcPipelines(
                jdbc, transactions, reader, definitions, ShippedPipelines.load(reader));
    }

    private static DefinitionError inDelegation(FieldError error) {
        String place = error.field().replace("/delegation/", "");
        return new DefinitionError(place, error.message());
    }

    @Bean
    JdbcWakes wakes(JdbcTemplate jdbc) {
        return new JdbcWakes(jdbc);
    }

    @Bean
    JdbcStepFollower stepFollower(JdbcTemplate jdbc, JdbcWakes wakes, Delegations delegations) {
        return new JdbcStepFollower(jdbc, wakes, delegations);
    }

    @Bean
    JdbcRunStore runStore(JdbcTemplate jdbc) {
        return new JdbcRunStore(jdbc, definitions);
    }

    @Bean
    RunWork runWork(
            JdbcRunStore store,
            JdbcWakes wakes,
            Tasks tasks,
            BatchTasks batchTasks,
            TaskRequestParser parser,
            Cancellation cancellation,
            EffectMeters meters,
            TransactionTemplate transactions) {
        CallSubmission submission = new CallSubmission(tasks, parser, cancellation, store, wakes);
        return new RunWork(
                store, wakes, submission, batchTasks, cancellation, meters, transactions);
    }

    @Bean
    Runs runs(
            JdbcRunStore store,
            JdbcWakes wakes,
            Tasks tasks,
            RunWork work,
            EffectMeters meters,
            TransactionTemplate transactions) {
        return new StoredRuns(store, wakes, tasks, work, meters, transactions);
    }

    @Bean
    RunRunner runRunner(
            JdbcTemplate jdbc, JdbcWakes wakes, RunWork work, RetentionProperties retention) {
        return new RunRunner(wakes, work, new RunRetention(jdbc, retention));
    }
}
