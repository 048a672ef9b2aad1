package io.llmfleet.producer.store;

import com.zaxxer.hikari.HikariDataSource;
import io.llmfleet.producer.metrics.StoreMeters;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the line in front of the pool. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreProperties.class)
class StoreConfiguration {

    @Bean
    StoreLine storeLine(
            @Value("${spring.datasource.hikari.maximum-pool-size}") int size,
            @Value("${spring.datasource.hikari.connection-timeout}") long patienceMillis,
            StoreProperties properties) {
        return new StoreLine(size, properties.maxWaiting(), Duration.ofMillis(patienceMillis));
    }

    @Bean
    static BeanPostProcessor lineOfThePool(ObjectProvider<StoreLine> line) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof HikariDataSource pool
                        ? new OrderlyDataSource(pool, line.getObject())
                        : bean;
            }
        };
    }

    /** Apart from the line, which is there before meters are. */
    @Bean
    SmartInitializingSingleton storeLineMeter(StoreLine line, StoreMeters meters) {
        return () -> meters.connectionsWaiting(line::waiting);
    }
}
