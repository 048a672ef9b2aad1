package io.llmfleet.producer.event;

import io.llmfleet.producer.task.TargetProperties;
import io.llmfleet.producer.task.Targets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Knows targets by configuration and by what workers say. */
@Configuration(proxyBeanMethods = false)
class TargetConfiguration {

    @Bean
    Targets targets(Workers workers, TargetProperties properties) {
        List<String> configured = new ArrayList<>(properties.pools());
        configured.addAll(properties.others());
        return new KnownTargets(workers, configured, Clock.systemUTC());
    }
}
