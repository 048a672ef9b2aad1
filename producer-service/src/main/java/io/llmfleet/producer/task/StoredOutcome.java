package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An outcome that took effect, with what its followers want to know of the task.
 *
 * @param key the API key that the task came with; null for an AMQP client's
 * @param webhook that the task asked for
 * @param webhookKind as what the outcome is announced there
 * @param toClient whether an AMQP client waits for the result
 * @param conversation that it is a turn of; null for none
 * @param halts whether its failure halts the conversation
 * @param parent that delegated it; null for none
 * @param rounds how often it delegated
 */
public record StoredOutcome(
        FinalOutcome outcome,
        String tenant,
        @Nullable UUID key,
        String type,
        Priority priority,
        @Nullable String webhook,
        WebhookKind webhookKind,
        boolean toClient,
        @Nullable String conversation,
        boolean halts,
        @Nullable UUID parent,
        int rounds) {}
