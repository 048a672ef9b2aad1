package io.llmfleet.producer.api.openai;

import io.llmfleet.model.Names;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the OpenAI-compatible API names models and how long it waits.
 *
 * @param aliases of models, each {@code <name>=<model or pool>}
 * @param defaultModel what a name stands for that is unknown; without it such a request is refused
 * @param requestLimit how long a request waits that nobody can come back to
 * @param embeddingInputs how many inputs of an embeddings request one task takes
 */
@ConfigurationProperties("fleet.openai")
public record OpenAiProperties(
        @DefaultValue List<String> aliases,
        @Nullable String defaultModel,
        @DefaultValue("10m") Duration requestLimit,
        @DefaultValue("64") int embeddingInputs) {

    private static final int MOST_INPUTS = 2048;

    public OpenAiProperties {
        aliases = aliases.stream().map(String::strip).filter(a -> !a.isEmpty()).toList();
        aliases.forEach(OpenAiProperties::target);
        if (defaultModel != null && defaultModel.isBlank()) {
            defaultModel = null;
        }
        if (defaultModel != null) {
            requireTarget("fleet.openai.default-model", defaultModel);
        }
        if (requestLimit.compareTo(Duration.ofSeconds(1)) < 0
                || requestLimit.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "fleet.openai.request-limit is " + requestLimit + ", accepted: 1s to 1h");
        }
        if (embeddingInputs < 1 || embeddingInputs > MOST_INPUTS) {
            throw new IllegalArgumentException(
                    "fleet.openai.embedding-inputs is "
                            + embeddingInputs
                            + ", accepted: 1 to "
                            + MOST_INPUTS);
        }
    }

    /** Targets by alias, in the order of the configuration. */
    Map<String, String> targets() {
        Map<String, String> targets = new LinkedHashMap<>();
        aliases.forEach(a -> targets.put(a.substring(0, a.lastIndexOf('=')).strip(), target(a)));
        return targets;
    }

    private static String target(String alias) {
        int equals = alias.lastIndexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "fleet.openai.aliases has '" + alias + "', accepted: <name>=<model or pool>");
        }
        return requireTarget("fleet.openai.aliases", alias.substring(equals + 1).strip());
    }

    private static String requireTarget(String property, String target) {
        if (!Names.TARGET.matcher(target).matches()) {
            throw new IllegalArgumentException(
                    property + " names '" + target + "', accepted: " + Names.TARGET.pattern());
        }
        return target;
    }
}
