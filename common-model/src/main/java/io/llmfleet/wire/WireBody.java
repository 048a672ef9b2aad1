package io.llmfleet.wire;

import io.llmfleet.model.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * A body as it travels: JSON, or JSON that was compressed. Who passes a message on passes this on,
 * unopened; only who reads it asks for the JSON.
 *
 * @param bytes as they are on the wire
 * @param encoding the message's {@code content-encoding}; null, and any but zstd (some clients say
 *     {@code utf-8}), for plain JSON
 */
@SuppressWarnings("ArrayRecordComponent")
public record WireBody(byte[] bytes, @Nullable String encoding) {

    /** The largest JSON that is made of a compressed body, in bytes: RabbitMQ's largest message. */
    public static final int LARGEST = 16 * 1024 * 1024;

    public static WireBody json(byte[] json) {
        return new WireBody(json, null);
    }

    /**
     * @return the JSON's bytes; of plain JSON the very same
     * @throws UnreadableMessageException if the bytes are damaged, or the JSON would be larger than
     *     {@link #LARGEST}
     */
    public byte[] decoded() {
        return decoded(LARGEST);
    }

    /**
     * The same, where less than {@link #LARGEST} is accepted of what was compressed.
     *
     * @param limit in bytes
     */
    public byte[] decoded(int limit) {
        return switch (encoding) {
            case Zstandard.NAME -> Zstandard.inflate(bytes, limit);
            case null, default -> bytes;
        };
    }

    /** The JSON where it can be had and is no larger than a request may be, else what came. */
    public byte[] readable() {
        try {
            return decoded(Defaults.MAX_REQUEST_BYTES);
        } catch (UnreadableMessageException e) {
            return bytes;
        }
    }

    /** How large the JSON is by the body's own word, which nothing but a choice may depend on. */
    public int size() {
        return Zstandard.NAME.equals(encoding) ? Zstandard.statedSize(bytes) : bytes.length;
    }
}
