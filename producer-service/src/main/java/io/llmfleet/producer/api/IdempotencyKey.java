package io.llmfleet.producer.api;

import io.llmfleet.producer.task.OnceKey;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@value #HEADER} of a request (IETF draft-ietf-httpapi-idempotency-key-header-07):
 * however often the request comes within a day, it is done once.
 */
public final class IdempotencyKey {

    public static final String HEADER = "Idempotency-Key";

    /** {@code true} on an answer that another request led to. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern ACCEPTED = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private IdempotencyKey() {}

    /**
     * @param header with or without double quotes; null if there is none
     * @param endpoint that the key is for
     * @param body what is asked for
     * @throws IllegalArgumentException saying what is accepted
     */
    public static Optional<OnceKey> read(@Nullable String header, String endpoint, byte[] body) {
        return read(header, endpoint).map(key -> OnceKey.of(key, body));
    }

    /**
     * For a request whose parts are done once each.
     *
     * @param header with or without double quotes; null if there is none
     * @param endpoint that the key is for
     * @throws IllegalArgumentException saying what is accepted
     */
    public static Optional<String> read(@Nullable String header, String endpoint) {
        if (header == null) {
            return Optional.empty();
        }
        String key = header.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        if (!ACCEPTED.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "is no key; accepted: 1 to 255 visible ASCII characters");
        }
        return Optional.of(endpoint + ":" + key);
    }
}
