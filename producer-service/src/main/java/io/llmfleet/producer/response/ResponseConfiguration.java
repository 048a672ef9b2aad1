package io.llmfleet.producer.response;

import io.llmfleet.producer.task.RetentionProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts the responses together. */
@Configuration(proxyBeanMethods = false)
class ResponseConfiguration {

    @Bean
    JdbcResponses responses(JdbcTemplate jdbc) {
        return new JdbcResponses(jdbc);
    }

    @Bean
    ResponseRetention responseRetention(JdbcResponses responses, RetentionProperties retention) {
        return new ResponseRetention(responses, retention.contentDays());
    }
}
