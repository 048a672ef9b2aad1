package io.llmfleet.producer.task;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The task that was accepted under a key.
 *
 * @param fingerprint of what was asked for, where the key came with one
 */
public record KeyedTask(UUID id, @Nullable String fingerprint) {}
