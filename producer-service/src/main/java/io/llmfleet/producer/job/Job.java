package io.llmfleet.producer.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as the store knows it.
 *
 * @param apiKey that its tasks count for
 * @param window as its caller wrote it
 * @param expiresAt when its window ends
 * @param reached when it came to each state
 * @param counts as of the last look at its tasks
 * @param outputFile composed of the results; from when its lines are known to be valid
 * @param errorFile likewise of everything else that became of lines
 */
public record Job(
        UUID id,
        String tenant,
        UUID apiKey,
        String endpoint,
        UUID inputFile,
        String window,
        Map<String, String> metadata,
        @Nullable String webhook,
        String traceParent,
        JobState state,
        Instant createdAt,
        Instant expiresAt,
        Map<JobState, Instant> reached,
        Counts counts,
        List<JobError> errors,
        @Nullable UUID outputFile,
        @Nullable UUID errorFile) {

    /**
     * How many lines there are and what became of them.
     *
     * @param failed whose outcome is in the error file
     */
    public record Counts(int total, int completed, int failed) {}
}
