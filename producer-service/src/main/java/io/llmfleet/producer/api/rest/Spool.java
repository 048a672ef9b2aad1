package io.llmfleet.producer.api.rest;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer until the request is read to its end, in memory while it is small and in a file
 * from then on.
 *
 * <p>A caller that reads only after it has sent everything would never come to reading if the
 * answer filled the connection before.
 */
final class Spool implements AutoCloseable {

    private static final int IN_MEMORY = 256 * 1024;

    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream out;

    void write(byte[] bytes) throws IOException {
        if (out == null && memory.size() + bytes.length <= IN_MEMORY) {
            memory.write(bytes);
            return;
        }
        OutputStream to = out;
        if (to == null) {
            Path created = Files.createTempFile("fleet-answer-", ".ndjson");
            file = created;
            to = new BufferedOutputStream(Files.newOutputStream(created), IN_MEMORY);
            out = to;
        }
        to.write(bytes);
    }

    void copyTo(OutputStream target) throws IOException {
        memory.writeTo(target);
        if (out != null && file != null) {
            out.close();
            Files.copy(file, target);
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null && file != null) {
            out.close();
            Files.deleteIfExists(file);
        }
    }
}
