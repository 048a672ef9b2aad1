package io.llmfleet.producer.api.rest;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ids; Java's own reader takes shortened ones too. */
final class PathId {

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private PathId() {}

    /** The id, or null if this is none. */
    static @Nullable UUID parse(String text) {
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    /**
     * @throws BadRequestException 404: what is no id is nobody's
     */
    static UUID require(String what, String text) {
        UUID id = parse(text);
        if (id == null) {
            throw BadRequestException.unknown(what, text);
        }
        return id;
    }
}
