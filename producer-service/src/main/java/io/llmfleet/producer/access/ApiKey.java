package io.llmfleet.producer.access;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as it may be shown: without its secret.
 *
 * @param name what its owner calls it
 */
public record ApiKey(
        UUID id,
        String name,
        String tenant,
        Role role,
        Instant createdAt,
        @Nullable Instant revokedAt) {}
