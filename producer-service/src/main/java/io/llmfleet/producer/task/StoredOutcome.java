package io.llmfleet.producer.task;

import org.jspecify.annotations.Nullable;

/**
 * An outcome that took effect, with what its followers want to know of the task.
 *
 * @param webhook that the task asked for
 * @param webhookKind as what the outcome is announced there
 * @param toClient whether an AMQP client waits for the result
 */
public record StoredOutcome(
        FinalOutcome outcome,
        String tenant,
        String type,
        @Nullable String webhook,
        WebhookKind webhookKind,
        boolean toClient) {}
