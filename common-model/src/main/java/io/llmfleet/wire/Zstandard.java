package io.llmfleet.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Zstandard (RFC 8878), inflated no further than a limit. */
final class Zstandard {

    /** As {@code content-encoding} names it (RFC 9659). */
    static final String NAME = "zstd";

    /** RFC 9659 asks no reader for a larger window; it is what a frame may make a reader hold. */
    private static final int WINDOW_LOG = 23;

    private Zstandard() {}

    /**
     * Finds out at the start what would otherwise stop the first large body.
     *
     * @throws IllegalStateException if its native library cannot be loaded
     */
    static void load() {
        try {
            Zstd.compressBound(1);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "zstd's native library cannot be loaded: let programs run in "
                            + System.getProperty("java.io.tmpdir")
                            + " (on a tmpfs: with the option exec)",
                    e);
        }
    }

    static byte[] deflate(byte[] plain, int level) {
        return Zstd.compress(plain, level);
    }

    /**
     * @throws UnreadableMessageException if the bytes are no whole frame, or hold more than {@code
     *     limit} bytes; no more than these are ever held
     */
    static byte[] inflate(byte[] frame, int limit) {
        long stated = Zstd.getFrameContentSize(frame);
        if (stated > limit) {
            throw tooLarge(limit);
        }
        try {
            // A stream costs many times of this: it makes large buffers first.
            return stated > 0
                    ? Zstd.decompress(frame, (int) stated)
                    : inflateAsStream(frame, limit);
        } catch (ZstdException e) {
            return inflateAsStream(frame, limit);
        }
    }

    /** A frame that does not say its size, or several ones. */
    private static byte[] inflateAsStream(byte[] frame, int limit) {
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(frame))) {
            in.setLongMax(WINDOW_LOG);
            byte[] plain = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw tooLarge(limit);
            }
            return plain;
        } catch (IOException | ZstdException e) {
            throw new UnreadableMessageException("the body is not what zstd makes", e);
        }
    }

    /** By the first frame's header; the compressed size where that says none. */
    static int statedSize(byte[] frame) {
        long stated = Zstd.getFrameContentSize(frame);
        return stated <= 0 ? frame.length : (int) Math.min(stated, Integer.MAX_VALUE);
    }

    private static UnreadableMessageException tooLarge(int limit) {
        return new UnreadableMessageException(
                "the body has more than " + limit + " bytes when it is inflated", null);
    }
}
