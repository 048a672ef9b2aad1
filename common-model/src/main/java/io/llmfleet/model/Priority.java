package io.llmfleet.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/**
 * How urgent a task is; each priority has queues of its own, so a backlog in one never delays a
 * higher one.
 */
public enum Priority {
    HIGH,
    NORMAL,
    LOW;

    /**
     * The word used in routing keys, queue names and JSON: {@code high}, {@code normal} or {@code
     * low}.
     */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #wire()}.
     *
     * @throws IllegalArgumentException naming the accepted words
     */
    @JsonCreator
    public static Priority of(String word) {
        return Arrays.stream(values())
                .filter(p -> p.wire().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "unknown priority '"
                                                + word
                                                + "', accepted: high, normal, low"));
    }
}
