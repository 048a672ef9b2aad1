package io.llmfleet.producer.usage;

import io.llmfleet.producer.metrics.EffectMeters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts the ledger together. */
@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

    @Bean
    JdbcLedger ledger(JdbcTemplate jdbc, EffectMeters meters) {
        return new JdbcLedger(jdbc, meters);
    }
}
