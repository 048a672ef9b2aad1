package io.llmfleet.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

class TracingWhereExportedTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Test
    void thereIsNoTracerWithoutAnEndpoint() {
        try (var context = start("--spring.main.banner-mode=off")) {
            assertThat(context.getBeansOfType(Tracer.class)).isEmpty();
            assertThat(context.getBeansOfType(OpenTelemetry.class)).isEmpty();
            assertThat(context.getBeansOfType(io.micrometer.tracing.Tracer.class)).isEmpty();
        }
    }

    @Test
    void thereIsOneWithAnEndpoint() {
        try (var context =
                start(
                        "--management.opentelemetry.tracing.export.otlp.endpoint="
                                + "http://127.0.0.1:9/v1/traces")) {
            assertThat(context.getBeansOfType(Tracer.class)).hasSize(1);
            assertThat(context.getBeansOfType(io.micrometer.tracing.Tracer.class)).hasSize(1);
        }
    }

    private static ConfigurableApplicationContext start(String argument) {
        return new SpringApplicationBuilder(Application.class)
                .web(org.springframework.boot.WebApplicationType.NONE)
                .run(argument);
    }
}
