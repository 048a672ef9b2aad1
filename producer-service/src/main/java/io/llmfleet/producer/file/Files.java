package io.llmfleet.producer.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The facade of files; none of it ever holds a whole file in memory. */
public interface Files {

    /** Opens the same content as often as it is asked to. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /**
     * A request's file.
     *
     * @param replayed whether an earlier request had it stored
     */
    record Created(StoredFile file, boolean replayed) {}

    /**
     * Stores a file, whole or not at all.
     *
     * @param key of the request; within a day there is one file for it
     * @return empty if the key came with another file before
     */
    Optional<Created> create(NewFile file, Content content, Optional<String> key)
            throws IOException;

    /** Adds a file whose content is composed by the {@link FileView} when it is read. */
    UUID createView(NewFile file);

    /** What a view is composed of grows no more. */
    void settleView(UUID id, long bytes);

    /** The file, unless it is another tenant's, expired or does not exist. */
    Optional<StoredFile> find(String tenant, UUID id);

    List<StoredFile> list(FileFilter filter);

    /**
     * Removes a file with its content; of a view what it is composed of stays.
     *
     * @return false if there is no such file of this tenant
     */
    boolean delete(String tenant, UUID id);

    /**
     * Reads an uploaded file, a chunk at a time.
     *
     * @param from the first byte
     * @throws FileGoneException here and while it is read, if the file is deleted
     */
    InputStream read(String tenant, UUID id, long from);

    /**
     * Writes the content of any file.
     *
     * @throws FileGoneException if the file is deleted meanwhile
     */
    void write(StoredFile file, OutputStream out) throws IOException;
}
