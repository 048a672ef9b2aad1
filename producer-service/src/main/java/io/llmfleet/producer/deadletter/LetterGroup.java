package io.llmfleet.producer.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Letters that have something in common.
 *
 * @param value of what they are grouped by; null for those that have none
 * @param first when the first of them failed
 * @param last when the last one did
 */
public record LetterGroup(@Nullable String value, long letters, Instant first, Instant last) {}
