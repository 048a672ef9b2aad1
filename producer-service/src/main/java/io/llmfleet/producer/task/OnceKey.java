package io.llmfleet.producer.task;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Under which a submission is accepted at most once within a day.
 *
 * @param key unique for the tenant
 * @param fingerprint of what was asked for; null where the key alone says it
 */
public record OnceKey(String key, @Nullable String fingerprint) {

    /**
     * @param what is asked for
     */
    public static OnceKey of(String key, byte[] what) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(what);
            return new OnceKey(key, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether that task was asked for by the same request as this one. */
    public boolean fits(KeyedTask known) {
        return Objects.equals(fingerprint, known.fingerprint());
    }
}
