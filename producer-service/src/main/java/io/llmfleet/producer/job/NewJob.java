package io.llmfleet.producer.job;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that was checked and may be accepted.
 *
 * @param apiKey that its tasks count for
 * @param window in which it is to be done
 * @param windowText the same as its caller wrote it
 * @param webhook that is told of its end
 * @param traceParent of its tasks
 */
public record NewJob(
        String tenant,
        UUID apiKey,
        String endpoint,
        UUID inputFile,
        Duration window,
        String windowText,
        Map<String, String> metadata,
        @Nullable String webhook,
        String traceParent) {}
