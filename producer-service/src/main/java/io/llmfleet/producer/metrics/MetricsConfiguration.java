package io.llmfleet.producer.metrics;

import io.llmfleet.type.TaskTypes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the meters, and samples the store for them. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    @Bean
    TaskMeters taskMeters(MeterRegistry registry, TaskTypes types) {
        return new TaskMeters(registry, types.names());
    }

    @Bean
    EffectMeters effectMeters(MeterRegistry registry) {
        return new EffectMeters(registry);
    }

    @Bean
    StoreMeters storeMeters(MeterRegistry registry) {
        return new StoreMeters(registry);
    }

    @Bean
    StoreSampler storeSampler(List<StoreSample> samples, StoreMeters meters) {
        return new StoreSampler(samples, meters);
    }
}
