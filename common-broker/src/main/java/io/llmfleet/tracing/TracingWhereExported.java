package io.llmfleet.tracing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves the platform's tracing out where there is nowhere to export to: it would make a span of
 * every request all the same.
 */
final class TracingWhereExported implements AutoConfigurationImportFilter, EnvironmentAware {

    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final List<String> PACKAGES =
            List.of(
                    "org.springframework.boot.micrometer.tracing.",
                    "org.springframework.boot.opentelemetry.");

    private boolean exported;

    @Override
    public void setEnvironment(Environment environment) {
        String endpoint = environment.getProperty(ENDPOINT);
        exported = endpoint != null && !endpoint.isBlank();
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[configurations.length];
        for (int i = 0; i < configurations.length; i++) {
            matches[i] = exported || !isTracing(configurations[i]);
        }
        return matches;
    }

    private static boolean isTracing(@Nullable String configuration) {
        return configuration != null && PACKAGES.stream().anyMatch(configuration::startsWith);
    }
}
