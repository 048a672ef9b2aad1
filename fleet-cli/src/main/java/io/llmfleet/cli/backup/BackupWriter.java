package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.wire.Json;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;

/**
 * Writes a backup: what the store held at one moment, while everything goes on; the file gets its
 * name when it is whole, and only its owner can read it.
 */
public final class BackupWriter {

    static final String MANIFEST = "manifest.json";

    private static final int DISK_BUFFER = 1 << 16;

    private final DatabaseEndpoint database;
    private final Map<String, String> home;

    /**
     * @param home contents of the home's files that are kept, by name
     */
    public BackupWriter(DatabaseEndpoint database, Map<String, String> home) {
        this.database = database;
        this.home = new TreeMap<>(home);
    }

    /**
     * @param file is made whole or not at all
     * @throws FleetException if it is there already, or the store cannot be read
     */
    public Manifest write(Path file) {
        if (Files.exists(file)) {
            throw new FleetException(FleetException.USAGE, file + " is there already", null);
        }
        try (Connection connection = Sql.connect(database)) {
            return writeWhole(connection, file.toAbsolutePath());
        } catch (SQLException e) {
            throw Sql.problem("the store cannot be read", e);
        } catch (IOException e) {
            throw new FleetException("cannot write " + file + ": " + e, e);
        }
    }

    private Manifest writeWhole(Connection connection, Path file) throws SQLException, IOException {
        Path part = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
        try {
            Manifest manifest;
            try (OutputStream disk = Files.newOutputStream(part);
                    ZipOutputStream zip =
                            new ZipOutputStream(
                                    new java.io.BufferedOutputStream(disk, DISK_BUFFER))) {
                // Most of it are texts that shrink well either way.
                zip.setLevel(Deflater.BEST_SPEED);
                manifest = write(connection, zip);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Manifest write(Connection connection, ZipOutputStream zip)
            throws SQLException, IOException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        String version =
                Tables.schemaVersion(connection)
                        .orElseThrow(() -> new FleetException("the store has no tables yet"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<String> names = Tables.inOrder(connection);
        // No partition is dropped while it is read.
        Sql.execute(
                connection,
                "lock table "
                        + String.join(", ", names.stream().map(Sql::quoted).toList())
                        + " in access share mode");
        List<Manifest.Table> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(copy(connection, name, zip));
        }
        Manifest manifest =
                new Manifest(
                        Manifest.FORMAT,
                        now.toString(),
                        version,
                        Tables.firstDay(connection),
                        Tables.lastDay(connection),
                        tables,
                        writeHome(zip));
        put(zip, MANIFEST, Json.bytes(manifest));
        return manifest;
    }

    private static Manifest.Table copy(Connection connection, String name, ZipOutputStream zip)
            throws SQLException, IOException {
        var table = new Manifest.Table(name, Tables.columns(connection, name), 0, "");
        zip.putNextEntry(new ZipEntry(table.entry()));
        var digested = new DigestOutputStream(new Unclosed(zip), Digests.sha256());
        // A partitioned table can be copied only by a query.
        String query =
                "copy (select " + table.columnsSql() + " from " + Sql.quoted(name) + ") to stdout";
        long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(query, digested);
        zip.closeEntry();
        return new Manifest.Table(
                name, table.columns(), rows, Digests.hex(digested.getMessageDigest()));
    }

    private Map<String, String> writeHome(ZipOutputStream zip) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (Map.Entry<String, String> file : home.entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            put(zip, Manifest.homeEntry(file.getKey()), content);
            sums.put(file.getKey(), Digests.hex(content));
        }
        return sums;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** Who writes an entry must not close the file. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // the file goes on
        }
    }
}
