package io.llmfleet.worker.backend;

import io.llmfleet.model.Names;
import io.llmfleet.tracing.Spans;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.worker.builtin.BuiltinBackend;
import io.llmfleet.worker.metrics.BackendMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Makes the backends that are configured; the built-in engine if there are none. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackendProperties.class)
class BackendConfiguration {

    @Bean
    TaskTypes taskTypes(@Value("${fleet.types-dir:}") String folder) {
        return TaskTypes.load(folder.isBlank() ? null : Path.of(folder));
    }

    @Bean
    BackendMeters backendMeters(MeterRegistry registry) {
        return new BackendMeters(registry);
    }

    @Bean
    Backends backends(
            BackendProperties properties, TaskTypes types, Spans spans, BackendMeters meters) {
        List<BackendProperties.Endpoint> endpoints = new ArrayList<>(properties.backends());
        BackendProperties.Endpoint llm = llm(properties.llm());
        if (llm != null) {
            endpoints.add(llm);
        }
        List<Backend> backends = new ArrayList<>();
        Map<String, String> fallbacks = new HashMap<>();
        for (BackendProperties.Endpoint endpoint : endpoints) {
            endpoint.models().forEach(BackendConfiguration::requireModelName);
            backends.add(new OpenAiBackend(endpoint, types));
            fallbacks.putAll(endpoint.fallbacks());
        }
        if (properties.instant().enabled()) {
            backends.add(new InstantBackend(properties.instant()));
        }
        if (properties.builtin().enabled() || backends.isEmpty()) {
            backends.add(new BuiltinBackend(properties.builtin().threads()));
        }
        return new Backends(backends, fallbacks, properties.breaker(), spans, meters);
    }

    private static BackendProperties.@Nullable Endpoint llm(BackendProperties.Llm llm) {
        if (!StringUtils.hasText(llm.baseUrl())) {
            return null;
        }
        if (!StringUtils.hasText(llm.model())) {
            throw new IllegalArgumentException(
                    "LLM_BASE_URL is set and LLM_MODEL is not; set it to the model's name at that endpoint");
        }
        return new BackendProperties.Endpoint(
                "llm",
                URI.create(llm.baseUrl()),
                llm.apiKey(),
                List.of(llm.model().split(",")),
                Map.of(),
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Set.of(),
                DataSize.ofMegabytes(16));
    }

    private static void requireModelName(String model) {
        if (!Names.TARGET.matcher(model).matches()) {
            throw new IllegalArgumentException(
                    "model '"
                            + model
                            + "' cannot be a target, accepted: "
                            + Names.TARGET.pattern());
        }
    }
}
