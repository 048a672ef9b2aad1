package io.llmfleet.tracing;

import io.opentelemetry.api.trace.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces tasks where there is a tracer. */
@Configuration(proxyBeanMethods = false)
public class TracingConfiguration {

    @Bean
    Spans spans(ObjectProvider<Tracer> tracer) {
        return new Spans(tracer.getIfAvailable());
    }
}
