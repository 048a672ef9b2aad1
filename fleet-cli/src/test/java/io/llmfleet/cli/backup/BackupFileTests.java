package io.llmfleet.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFileTests {

    private static final byte[] ROWS = bytes("1\tclassify\n2\textract\n".repeat(20));

    private static final byte[] KEY = bytes("fleet_key");

    @TempDir Path folder = Path.of("");

    /** What a backup holds, as a restore reads it. */
    private record Content(Manifest manifest, String rows, Map<String, String> home) {}

    @Test
    void aFlippedBitIsSeenOrChangesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(write());
        Content content = read(whole).orElseThrow();
        List<Integer> unseen = new ArrayList<>();

        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Optional<Content> found = read(damaged);
            if (found.isPresent() && !found.get().equals(content)) {
                unseen.add(bit);
            }
        }
        assertThat(unseen).isEmpty();
    }

    @Test
    void aFileThatWasCutIsNoBackup() throws IOException {
        byte[] whole = Files.readAllBytes(write());

        for (int length = 0; length < whole.length; length++) {
            assertThat(read(Arrays.copyOf(whole, length))).as("%d", length).isEmpty();
        }
    }

    private Path write() throws IOException {
        var table = new Manifest.Table("task", List.of("id", "type"), 40, Digests.hex(ROWS));
        var manifest =
                new Manifest(
                        Manifest.FORMAT,
                        "2026-03-01T12:00:00Z",
                        "29",
                        "20260228",
                        "20260302",
                        List.of(table),
                        Map.of("api-key", Digests.hex(KEY)));
        Path file = folder.resolve("whole.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, table.entry(), ROWS);
            put(zip, Manifest.homeEntry("api-key"), KEY);
            put(zip, BackupWriter.MANIFEST, Json.bytes(manifest));
        }
        return file;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    private Optional<Content> read(byte[] file) throws IOException {
        Path path = Files.write(folder.resolve("read.zip"), file);
        try (BackupFile backup = BackupFile.open(path);
                var rows = backup.open(backup.manifest().tables().getFirst())) {
            String text = new String(rows.readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(new Content(backup.manifest(), text, backup.home()));
        } catch (FleetException refused) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
