package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.deadletter.DeadLetter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One page of dead letters. */
@Schema(description = "Dead letters, newest first.")
record DeadLetterPage(
        List<DeadLetter> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable UUID next) {

    static DeadLetterPage of(List<DeadLetter> letters, int limit) {
        return new DeadLetterPage(letters, letters.size() < limit ? null : letters.getLast().id());
    }
}
