package io.llmfleet.producer.task;

import org.jspecify.annotations.Nullable;

/**
 * Under which a submission is accepted at most once within a day.
 *
 * @param key unique for the tenant
 * @param fingerprint of what was asked for; null where the key alone says it
 */
public record OnceKey(String key, @Nullable String fingerprint) {}
