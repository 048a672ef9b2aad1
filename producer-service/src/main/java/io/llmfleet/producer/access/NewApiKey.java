package io.llmfleet.producer.access;

/**
 * A key that was just made.
 *
 * @param secret what a caller sends as {@code Authorization: Bearer}; known only now
 */
public record NewApiKey(ApiKey key, String secret) {}
