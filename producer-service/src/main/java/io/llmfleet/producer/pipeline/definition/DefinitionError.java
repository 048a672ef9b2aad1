package io.llmfleet.producer.pipeline.definition;

/**
 * Something wrong with a definition.
 *
 * @param place as in {@code steps[2].input.messages[0].content}
 */
public record DefinitionError(String place, String message) {}
