package io.llmfleet.producer.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's webhooks are signed with.
 *
 * @param secret {@code whsec_} and Base64
 * @param previousUntil until when the secret before signs, too; null if there is none
 */
public record WebhookSecret(String secret, Instant createdAt, @Nullable Instant previousUntil) {}
