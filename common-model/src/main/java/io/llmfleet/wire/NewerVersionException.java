package io.llmfleet.wire;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of a newer major version, which someone who is upgraded already will understand: until
 * its deadline it waits on the retry ladder, unread and unchanged.
 *
 * <p>What that takes (type, target, priority, deadline) has its place in every version; a message
 * without it cannot wait.
 */
public final class NewerVersionException extends UnreadableMessageException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String ingressKey;
    private final @Nullable Instant deadline;

    NewerVersionException(String version, int understood, Map<String, ?> headers) {
        super(
                "envelope version "
                        + version
                        + " is not understood, accepted: "
                        + understood
                        + ".x",
                null);
        Object type = headers.get(Headers.TYPE);
        Object target = headers.get(Headers.TARGET);
        Object priority = headers.get(Headers.PRIORITY);
        this.ingressKey =
                type == null || target == null || priority == null
                        ? null
                        : priority + "." + type + "." + target;
        this.deadline = time(headers.get(Headers.DEADLINE));
    }

    /** The key with which the message goes to the ladder; empty where it must not wait any more. */
    public Optional<String> ingressKey(Instant now) {
        return deadline == null || !deadline.isAfter(now)
                ? Optional.empty()
                : Optional.ofNullable(ingressKey);
    }

    private static @Nullable Instant time(@Nullable Object millis) {
        try {
            return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis.toString()));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
