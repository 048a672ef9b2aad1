package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.pipeline.Run;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One page of a list. */
@Schema(description = "Runs, newest first, without their content and steps.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunPage(
        List<RunJson> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable UUID next) {

    static RunPage of(List<Run> runs, int limit) {
        return new RunPage(
                runs.stream().map(RunJson::summary).toList(),
                runs.size() < limit ? null : runs.getLast().id());
    }
}
