package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.capacity.Forecast;
import io.llmfleet.producer.capacity.PoolLoad;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How busy the pools are, and what would be if. */
@Schema(name = "Capacity", description = "How busy the pools are; times in seconds.")
record CapacityPage(
        @Schema(description = "Over how many seconds was measured.") long window,
        List<PoolLoad> pools,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Forecast whatIf) {}
