package io.llmfleet.producer.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines, never holding more than one line of the accepted length. */
public final class NdjsonLines {

    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private int number;
    private long filled;

    /**
     * One line.
     *
     * @param number counted from 1, blank lines included
     * @param json without the line's end; null if the line is too long
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Line(int number, byte @Nullable [] json) {

        boolean isBlank() {
            if (json == null) {
                return false;
            }
            for (byte b : json) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * @param longest in bytes; of a longer line only its number is given
     */
    public NdjsonLines(InputStream in, int longest) {
        this(in, longest, 1, 0);
    }

    /**
     * Goes on in the middle.
     *
     * @param first the number of the first line
     * @param position where it begins
     */
    public NdjsonLines(InputStream in, int longest, int first, long position) {
        this.in = in;
        this.longest = longest;
        this.number = first - 1;
        this.filled = position;
    }

    /** Where the next line begins. */
    public long position() {
        return filled - limit + position;
    }

    /** The number of the next line. */
    public int nextNumber() {
        return number + 1;
    }

    /** The next line that is not blank, or null at the end. */
    public @Nullable Line next() throws IOException {
        while (fill()) {
            Line line = read();
            if (!line.isBlank()) {
                return line;
            }
        }
        return null;
    }

    private Line read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        boolean tooLong = false;
        boolean ended = false;
        while (!ended && fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            tooLong = tooLong || line.size() + end - position > longest;
            if (!tooLong) {
                line.write(buffer, position, end - position);
            }
            ended = end < limit;
            position = ended ? end + 1 : end;
        }
        number++;
        return new Line(number, tooLong ? null : line.toByteArray());
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            filled += limit;
        }
        return limit > 0;
    }
}
