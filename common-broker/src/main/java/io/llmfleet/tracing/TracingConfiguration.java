package io.llmfleet.tracing;

import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Traces tasks where there is a tracer. */
@Configuration(proxyBeanMethods = false)
public class TracingConfiguration {

    /** Before the one that takes every observation, as the platform's own. */
    private static final int RECEIVER_ORDER = 1_000;

    @Bean
    Spans spans(ObjectProvider<Tracer> tracer) {
        return new Spans(tracer.getIfAvailable());
    }

    @Bean
    @ConditionalOnProperty(TracingWhereExported.ENDPOINT)
    @Order(RECEIVER_ORDER)
    PropagatingReceiverTracingObservationHandler<?> requestSpans(
            io.micrometer.tracing.Tracer tracer, Propagator propagator) {
        return new WordlessReceiver(tracer, propagator);
    }
}
