package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.deadletter.LetterJob;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One page of decisions about many letters. */
@Schema(name = "DeadLetterJobPage", description = "Newest first.")
record LetterJobPage(
        List<LetterJob> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable UUID next) {

    static LetterJobPage of(List<LetterJob> jobs, int limit) {
        return new LetterJobPage(jobs, jobs.size() < limit ? null : jobs.getLast().id());
    }
}
