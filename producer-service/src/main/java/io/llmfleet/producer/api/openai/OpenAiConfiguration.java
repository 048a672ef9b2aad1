package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.api.Submissions;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.Targets;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.TaskWaiters;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what the endpoints of the OpenAI-compatible API share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
class OpenAiConfiguration {

    @Bean
    Models models(Workers workers, Targets targets, OpenAiProperties properties) {
        return new Models(workers, targets, properties);
    }

    @Bean
    OpenAiTasks openAiTasks(
            TaskRequestParser parser,
            Submissions submissions,
            Cancellation cancellation,
            TaskWaiters waiters,
            OpenAiProperties properties) {
        return new OpenAiTasks(parser, submissions, cancellation, waiters, properties);
    }
}
