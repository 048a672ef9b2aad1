package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the PostgreSQL server that the class path carries for this machine. */
final class PostgresBinaries {

    private static final int OWNER_EXECUTES = 0100;

    private PostgresBinaries() {}

    /**
     * @param folder is made whole or not at all; left alone where it is there
     */
    static void unpackTo(Path folder) {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path temporary = folder.resolveSibling("." + folder.getFileName() + "." + Secrets.random());
        PrivateFiles.folder(temporary);
        try (InputStream packed = open()) {
            unpack(packed, temporary);
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            PrivateFiles.delete(temporary);
            // Another process may have been faster.
            if (!Files.isDirectory(folder)) {
                throw PrivateFiles.cannot("unpack the database server to", folder, e);
            }
        }
    }

    private static InputStream open() {
        String resource = "/postgres-" + system() + "-" + processor() + ".txz";
        InputStream found = PostgresBinaries.class.getResourceAsStream(resource);
        if (found == null) {
            throw new FleetException(
                    "there is no embedded PostgreSQL for this machine ("
                            + system()
                            + ", "
                            + processor()
                            + "): give FLEET_DB_URL, FLEET_DB_USER and FLEET_DB_PASSWORD");
        }
        return found;
    }

    private static String system() {
        return Programs.linux() ? "linux" : "darwin";
    }

    private static String processor() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") || name.equals("arm64") ? "arm_64" : "x86_64";
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        var tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new BufferedInputStream(packed)));
        for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
            Path target = folder.resolve(e.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException("the archive leaves its folder: " + e.getName());
            }
            write(tar, e, target);
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            throw new IOException("hard link " + entry.getName());
        } else {
            Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
            if ((entry.getMode() & OWNER_EXECUTES) != 0 && !target.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + target + " executable");
            }
        }
    }
}
