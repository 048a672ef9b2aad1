package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.Pipeline;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a definition.
 *
 * @param createdAt null for a shipped one
 */
public record StoredPipeline(
        String name, int version, Pipeline pipeline, @Nullable Instant createdAt) {

    public boolean isShipped() {
        return createdAt == null;
    }
}
