package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.ApiKey;
import io.llmfleet.producer.access.NewApiKey;
import io.llmfleet.producer.access.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key as the API shows it. */
@Schema(name = "Key", description = "An API key.")
record KeyJson(
        UUID id,
        String name,
        String tenant,
        Role role,
        @Schema(description = "That are set for it.", implementation = LimitsJson.class)
                Map<String, BigDecimal> limits,
        Instant createdAt,
        @Nullable Instant revokedAt,
        @Schema(
                        description = "What callers send as a bearer token; shown this once.",
                        example = "fleet_T4n...")
                @Nullable String key) {

    static KeyJson of(ApiKey key) {
        return of(key, null);
    }

    static KeyJson of(NewApiKey made) {
        return of(made.key(), made.secret());
    }

    private static KeyJson of(ApiKey key, @Nullable String secret) {
        return new KeyJson(
                key.id(),
                key.name(),
                key.tenant(),
                key.role(),
                key.limits().wire(),
                key.createdAt(),
                key.revokedAt(),
                secret);
    }
}
