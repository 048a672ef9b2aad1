package io.llmfleet.choice;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt came to.
 *
 * @param millis how long the call took; null where that is not known
 * @param cost null where no price is known
 */
public record Outcome(boolean succeeded, @Nullable Double millis, @Nullable Double cost) {}
