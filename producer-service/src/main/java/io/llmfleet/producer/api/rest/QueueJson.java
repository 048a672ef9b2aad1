package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.queue.QueuePlace;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task's place in line as the API shows it. */
@Schema(
        name = "Queue",
        description = "Where a task is in line that was not started yet; a moment old at most.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record QueueJson(
        @Schema(
                        example = "3",
                        description =
                                "1 is next. Counts tasks that wait for the same workers with a"
                                        + " higher priority, or with the same one and accepted"
                                        + " earlier.")
                long position,
        @Schema(
                        description =
                                "true if there may be more before it than were counted (10,000);"
                                        + " else left out.")
                @Nullable Boolean atLeast,
        @Schema(
                        description =
                                "When it may start, by the slots of live workers and how long their"
                                        + " tasks take lately; left out while no worker has said.")
                @Nullable Instant expectedStart) {

    static QueueJson of(QueuePlace place) {
        return new QueueJson(
                place.position(), place.atLeast() ? true : null, place.expectedStart());
    }
}
