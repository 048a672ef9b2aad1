package io.llmfleet.producer.once;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts together what does requests once. */
@Configuration(proxyBeanMethods = false)
class OnceConfiguration {

    @Bean
    OnceRequests onceRequests(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new JdbcOnceRequests(jdbc, transactions);
    }
}
