package io.llmfleet.producer.file;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A file that may be stored.
 *
 * @param expiresAfter how long it shall be kept; null for as long as files are
 */
public record NewFile(
        String tenant, String purpose, String filename, @Nullable Duration expiresAfter) {}
