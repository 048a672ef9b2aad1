package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Keys;
import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.usage.Ledger;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts limits together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitProperties.class)
class LimitConfiguration {

    @Bean
    JdbcWindows limitWindows(JdbcTemplate jdbc) {
        return new JdbcWindows(jdbc);
    }

    @Bean
    JdbcHolds limitHolds(JdbcTemplate jdbc) {
        return new JdbcHolds(jdbc);
    }

    @Bean
    RefusalCounter refusalCounter(EffectMeters meters) {
        return new RefusalCounter(meters);
    }

    @Bean
    Limits limits(
            Keys keys,
            LimitProperties properties,
            JdbcWindows windows,
            JdbcHolds holds,
            Ledger ledger,
            RefusalCounter refusals) {
        return new StoredLimits(
                keys, properties.defaults(), windows, holds, ledger, refusals, Clock.systemUTC());
    }

    @Bean
    BudgetUse budgetUse(Limits limits, Ledger ledger) {
        return new BudgetUse(limits, ledger, Clock.systemUTC());
    }

    @Bean
    TaskAdmission taskAdmission(Limits limits, JdbcHolds holds, RefusalCounter refusals) {
        return new TaskAdmission(limits, holds, refusals);
    }

    @Bean
    LimitUpkeep limitUpkeep(Limits limits, JdbcHolds holds, JdbcWindows windows) {
        return new LimitUpkeep(limits, holds, windows);
    }
}
