package io.llmfleet.producer.response;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a response: its task's. */
public final class ResponseId {

    private static final String PREFIX = "resp_";
    private static final Pattern TEXT =
            Pattern.compile(PREFIX + "([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private ResponseId() {}

    public static String of(UUID task) {
        return PREFIX + task;
    }

    /** The task of a response; empty if this is no id of one. */
    public static Optional<UUID> parse(String id) {
        var parts = TEXT.matcher(id);
        return parts.matches() ? Optional.of(UUID.fromString(parts.group(1))) : Optional.empty();
    }
}
