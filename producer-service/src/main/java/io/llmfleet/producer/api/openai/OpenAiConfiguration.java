package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.api.Submissions;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.event.TaskStreams;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.response.Responses;
import io.llmfleet.producer.task.Targets;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what the OpenAI-compatible API stands on. */
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
            OpenAiProperties properties) {
        return new OpenAiTasks(parser, submissions, cancellation, properties);
    }

    @Bean
    ChatStreams chatStreams(
            OpenAiTasks tasks,
            TaskStreams streams,
            Cancellation cancellation,
            StreamProperties properties) {
        return new ChatStreams(tasks, streams, cancellation, properties);
    }

    @Bean
    ResponseTasks responseTasks(
            Models models, OpenAiTasks openAiTasks, Tasks tasks, Responses responses) {
        return new ResponseTasks(models, openAiTasks, tasks, responses);
    }
}
