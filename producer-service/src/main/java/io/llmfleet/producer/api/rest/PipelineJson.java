package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.pipeline.StoredPipeline;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A definition as the API shows it. */
@Schema(name = "Pipeline", description = "A version of a definition.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record PipelineJson(
        String name,
        int version,
        String description,
        @Schema(description = "Whether it came with the fleet.") boolean shipped,
        @Nullable Instant createdAt,
        @Schema(description = "As it was stored; left out in lists.", types = "object")
                @Nullable JsonNode definition) {

    static PipelineJson of(StoredPipeline p) {
        return new PipelineJson(
                p.name(),
                p.version(),
                p.pipeline().description(),
                p.isShipped(),
                p.createdAt(),
                p.pipeline().json());
    }

    static PipelineJson summary(StoredPipeline p) {
        return new PipelineJson(
                p.name(),
                p.version(),
                p.pipeline().description(),
                p.isShipped(),
                p.createdAt(),
                null);
    }
}
