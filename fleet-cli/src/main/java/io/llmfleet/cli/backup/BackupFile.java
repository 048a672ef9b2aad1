package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup that is whole: every part of it has the checksum that was written down. */
public final class BackupFile implements AutoCloseable {

    private final Path path;
    private final ZipFile zip;
    private final Manifest manifest;

    private BackupFile(Path path, ZipFile zip) throws IOException {
        this.path = path;
        this.zip = zip;
        this.manifest = Json.read(checked(BackupWriter.MANIFEST), Manifest.class);
    }

    /**
     * @throws FleetException if it cannot be read, or is not a whole backup
     */
    public static BackupFile open(Path path) {
        if (!Files.isReadable(path)) {
            throw new FleetException(FleetException.USAGE, "cannot read " + path, null);
        }
        try {
            ZipFile zip = new ZipFile(path.toFile());
            try {
                BackupFile file = new BackupFile(path, zip);
                file.manifest.requireKnownFormat(path.toString());
                file.verify();
                return file;
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        } catch (ZipException | UnreadableMessageException e) {
            throw new FleetException(path + " is no backup, or not a whole one", e);
        } catch (IOException e) {
            throw new FleetException("cannot read " + path + ": " + e, e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Contents of the home's files, by name. */
    public Map<String, String> home() {
        Map<String, String> all = new TreeMap<>();
        for (String name : manifest.home().keySet()) {
            try (InputStream in = open(Manifest.homeEntry(name))) {
                all.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new FleetException("cannot read " + path + ": " + e, e);
            }
        }
        return all;
    }

    InputStream open(Manifest.Table table) throws IOException {
        return open(table.entry());
    }

    /** The manifest holds the sums of all else; its own is the zip's, which ZipFile ignores. */
    private byte[] checked(String name) throws IOException {
        try (var in = new CheckedInputStream(open(name), new CRC32())) {
            byte[] content = in.readAllBytes();
            if (in.getChecksum().getValue() != zip.getEntry(name).getCrc()) {
                throw new FleetException(
                        path + " is damaged: the checksum of " + name + " differs");
            }
            return content;
        }
    }

    private InputStream open(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new ZipException("there is no " + name);
        }
        return zip.getInputStream(entry);
    }

    private void verify() throws IOException {
        for (Manifest.Table table : manifest.tables()) {
            require(table.entry(), table.sha256());
        }
        for (Map.Entry<String, String> file : manifest.home().entrySet()) {
            require(Manifest.homeEntry(file.getKey()), file.getValue());
        }
    }

    private void require(String entry, String sum) throws IOException {
        try (var in = new DigestInputStream(open(entry), Digests.sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            if (!Digests.hex(in.getMessageDigest()).equals(sum)) {
                throw new FleetException(
                        path + " is damaged: the checksum of " + entry + " differs");
            }
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new FleetException("cannot close " + path + ": " + e, e);
        }
    }
}
