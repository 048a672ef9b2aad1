package io.llmfleet.producer.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a key allows: a user's tasks are those of its tenant; an admin also makes keys. */
public enum Role {
    ADMIN,
    USER;

    /** The word in JSON and in the store: {@code admin} or {@code user}. */
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
    public static Role of(String word) {
        return Arrays.stream(values())
                .filter(r -> r.wire().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "unknown role '" + word + "', accepted: admin, user"));
    }
}
