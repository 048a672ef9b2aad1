package io.llmfleet.producer.webhook;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The facade of the webhooks, for those who look after them. */
public interface Webhooks {

    /** The tenant's secret; one is made if there is none. */
    WebhookSecret secret(String tenant);

    /** Makes another secret; the one before signs, too, for a day. */
    WebhookSecret rotate(String tenant);

    /**
     * Newest first.
     *
     * @param state null for every state
     * @param task null for every task
     * @param after only deliveries older than this one
     */
    List<Delivery> list(
            String tenant,
            Delivery.@Nullable State state,
            @Nullable UUID task,
            @Nullable UUID after,
            int limit);

    Optional<Delivery> find(String tenant, UUID id);

    /**
     * Sends it again, whatever became of it, with all its tries before it.
     *
     * @return empty if there is no such delivery
     */
    Optional<Delivery> resend(String tenant, UUID id);

    /**
     * Something that is no task, and its webhook.
     *
     * @param subject what it tells of
     * @param type such as {@code batch.completed}
     * @param url that was checked before
     * @param body JSON without texts of prompts and answers
     */
    record Announcement(String tenant, UUID subject, String type, String url, String body) {}

    /** Sends it once the present transaction is committed; only if it is. */
    void announce(Announcement announcement);
}
