package io.llmfleet.producer.api.openai.batch;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as OpenAI's clients see them: a prefix that says of what, and a UUID without dashes. */
enum WireId {
    FILE("file-"),
    BATCH("batch_"),
    EVENT("evt_");

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    private final String prefix;

    WireId(String prefix) {
        this.prefix = prefix;
    }

    String of(UUID id) {
        return prefix + id.toString().replace("-", "");
    }

    /** Empty if the text is no such id. */
    Optional<UUID> read(String text) {
        if (!text.startsWith(prefix) || !HEX.matcher(text.substring(prefix.length())).matches()) {
            return Optional.empty();
        }
        String hex = text.substring(prefix.length());
        return Optional.of(
                new UUID(
                        Long.parseUnsignedLong(hex, 0, 16, 16),
                        Long.parseUnsignedLong(hex, 16, 32, 16)));
    }
}
