package io.llmfleet.producer.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of a job's input file.
 *
 * @param number counted from 1
 * @param task null until it is submitted
 * @param note that the response wants to know
 * @param refusal the JSON of the {@link BatchApi.Response} where no task could be made of it
 */
record JobLine(
        int number,
        String customId,
        @Nullable UUID task,
        @Nullable String note,
        @Nullable String refusal) {

    boolean isSubmitted() {
        return task != null || refusal != null;
    }
}
