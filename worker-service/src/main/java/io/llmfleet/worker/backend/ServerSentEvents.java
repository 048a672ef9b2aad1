package io.llmfleet.worker.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the data of server-sent events (WHATWG HTML, section 9.2), one after the other. */
final class ServerSentEvents {

    /** There is more than is accepted. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the stream is larger than is accepted");
        }
    }

    private static final String DATA = "data:";

    private final BufferedReader lines;

    /**
     * @param limit how many bytes are read at most
     */
    ServerSentEvents(InputStream in, long limit) {
        this.lines =
                new BufferedReader(
                        new InputStreamReader(new Limited(in, limit), StandardCharsets.UTF_8));
    }

    /**
     * The next event's data; null at the end of the stream. An event that the end cuts off is no
     * event.
     *
     * @throws TooLargeException if there is more than the limit
     */
    @Nullable String next() throws IOException {
        StringBuilder data = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (data != null) {
                    return data.toString();
                }
            } else if (line.startsWith(DATA)) {
                data = data == null ? new StringBuilder() : data.append('\n');
                boolean space = line.startsWith(" ", DATA.length());
                data.append(line, DATA.length() + (space ? 1 : 0), line.length());
            }
        }
        return null;
    }

    private static final class Limited extends InputStream {

        private final InputStream in;
        private long left;

        Limited(InputStream in, long limit) {
            this.in = in;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws TooLargeException {
            left -= read;
            if (left < 0) {
                throw new TooLargeException();
            }
        }
    }
}
