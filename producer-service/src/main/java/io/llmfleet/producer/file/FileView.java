package io.llmfleet.producer.file;

import java.io.IOException;
import java.io.OutputStream;

/** Composes the content of files that are views. */
public interface FileView {

    /**
     * Writes the content as it is now, holding little of it in memory.
     *
     * @throws IOException if the reader is gone
     */
    void write(StoredFile file, OutputStream out) throws IOException;
}
