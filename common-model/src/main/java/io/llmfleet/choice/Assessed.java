package io.llmfleet.choice;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A candidate with all that its choice stands on.
 *
 * @param value what {@link Strategy#ADAPTIVE} compares; null for the other strategies
 * @param chance with which the next task goes there, from 0 to 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Assessed(Option option, @Nullable Double value, double chance) {}
