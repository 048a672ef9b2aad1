package io.llmfleet.producer.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who has access from the start.
 *
 * @param bootstrapKey the secret of an admin key of the tenant {@code default} that exists while
 *     the service runs with it; another value takes its place at the next start
 */
@ConfigurationProperties("fleet.access")
public record AccessProperties(@Nullable String bootstrapKey) {

    private static final int SHORTEST = 20;

    public AccessProperties {
        if (bootstrapKey != null && bootstrapKey.isBlank()) {
            bootstrapKey = null;
        }
        if (bootstrapKey != null && bootstrapKey.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "fleet.access.bootstrap-key has "
                            + bootstrapKey.length()
                            + " characters, accepted: at least "
                            + SHORTEST
                            + ", random");
        }
    }

    @Override
    public String toString() {
        return "AccessProperties[bootstrapKey=" + (bootstrapKey == null ? "none" : "***") + "]";
    }
}
