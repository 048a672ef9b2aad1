package io.llmfleet.producer.file;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file without its content.
 *
 * @param bytes null while what it is composed of still grows
 * @param view whether it is composed when it is read
 * @param expiresAt from then on it does not exist
 */
public record StoredFile(
        UUID id,
        String tenant,
        String purpose,
        String filename,
        @Nullable Long bytes,
        boolean view,
        Instant createdAt,
        Instant expiresAt) {}
