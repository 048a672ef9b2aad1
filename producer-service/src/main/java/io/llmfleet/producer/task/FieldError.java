package io.llmfleet.producer.task;

/**
 * One thing that is wrong with a request.
 *
 * @param field a JSON pointer (RFC 6901) into the body such as {@code /input/text}, or the name of
 *     a query parameter, a header or {@code body}
 * @param message what is wrong and what is accepted; never the content itself
 */
public record FieldError(String field, String message) {}
