package io.llmfleet.producer.access;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as it may be shown: without its secret.
 *
 * @param name what its owner calls it
 * @param limits that are set for it
 */
public record ApiKey(
        UUID id,
        String name,
        String tenant,
        Role role,
        KeyLimits limits,
        Instant createdAt,
        @Nullable Instant revokedAt) {}
