package io.llmfleet.producer.capacity;

import io.llmfleet.producer.event.Workers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts the capacities together. */
@Configuration(proxyBeanMethods = false)
class CapacityConfiguration {

    @Bean
    Capacities capacities(JdbcTemplate jdbc, Workers workers) {
        return new Capacities(new RecentTraffic(new JdbcTraffic(jdbc), System::nanoTime), workers);
    }
}
