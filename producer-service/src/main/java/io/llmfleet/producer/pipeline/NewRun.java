package io.llmfleet.producer.pipeline;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run that is to begin.
 *
 * @param key the API key that its tasks count for
 */
public record NewRun(
        String tenant,
        @Nullable UUID key,
        StoredPipeline pipeline,
        JsonNode input,
        String traceParent) {}
