package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Files and folders that only their owner can read. */
final class PrivateFiles {

    private PrivateFiles() {}

    static Path folder(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            return path;
        } catch (IOException e) {
            throw cannot("create the folder", path, e);
        }
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a folder");
    }

    /** Replaces the file whole or not at all; its mode is 600. */
    static void write(Path path, String text) {
        Path folder = folder(parent(path));
        try {
            Path temporary = Files.createTempFile(folder, "." + path.getFileName(), ".tmp");
            Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
            Files.move(
                    temporary,
                    path,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw cannot("write", path, e);
        }
    }

    /** The content without white space around it, or the empty string where there is no file. */
    static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path).strip() : "";
        } catch (IOException e) {
            throw cannot("read", path, e);
        }
    }

    static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (var all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path p : deepestFirst) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            throw cannot("delete", path, e);
        }
    }

    static FleetException cannot(String what, Path path, IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : null;
        String name = e.getClass().getSimpleName();
        String why = reason != null ? reason : e.getMessage() == null ? name : e.getMessage();
        return new FleetException("cannot " + what + " " + path + ": " + why, e);
    }
}
