package io.llmfleet.producer.file;

import java.io.InputStream;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads a file chunk by chunk, and never takes a chunk that is missing for the file's end. */
final class ChunkStream extends InputStream {

    private final IntFunction<byte @Nullable []> chunks;
    private final int chunkSize;
    private final long end;
    private long position;
    private byte @Nullable [] chunk;

    /**
     * @param chunks by number from 0; null for one that is gone
     * @param chunkSize of each but the last
     * @param bytes of the whole file
     * @param from the first byte
     */
    ChunkStream(IntFunction<byte @Nullable []> chunks, int chunkSize, long bytes, long from) {
        this.chunks = chunks;
        this.chunkSize = chunkSize;
        this.end = bytes;
        this.position = Math.min(from, bytes);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        byte[] from = chunk();
        int at = (int) (position % chunkSize);
        int count = (int) Math.min(Math.min(length, from.length - at), end - position);
        System.arraycopy(from, at, target, offset, count);
        position += count;
        if (position % chunkSize == 0) {
            chunk = null;
        }
        return count;
    }

    private byte[] chunk() {
        byte[] known = chunk;
        if (known == null) {
            known = chunks.apply((int) (position / chunkSize));
            if (known == null) {
                throw new FileGoneException();
            }
            chunk = known;
        }
        return known;
    }
}
