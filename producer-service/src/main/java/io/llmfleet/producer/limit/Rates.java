package io.llmfleet.producer.limit;

import org.jspecify.annotations.Nullable;

/**
 * What is left of the limits per minute.
 *
 * @param requests null if they are not limited
 * @param tokens null if they are not limited
 */
public record Rates(@Nullable Window requests, @Nullable Window tokens) {

    public static final Rates NONE = new Rates(null, null);
}
