package io.llmfleet.producer.access;

import java.util.UUID;

/**
 * Who a request comes from.
 *
 * @param key the id of the key that it was made with
 */
public record Caller(UUID key, String tenant, Role role) {}
