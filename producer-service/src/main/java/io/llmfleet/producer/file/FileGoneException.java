package io.llmfleet.producer.file;

/** The file was deleted while it was read, or before. */
public class FileGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FileGoneException() {
        super("the file was deleted", null, false, false);
    }
}
