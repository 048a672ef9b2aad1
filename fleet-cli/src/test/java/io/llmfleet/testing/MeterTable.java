package io.llmfleet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What {@code observability/metrics.md} says of meters, a section at a time. */
public final class MeterTable {

    private static final Path DOCUMENT = Path.of("../observability/metrics.md");

    private MeterTable() {}

    /** Each meter as {@code name kind [tag, tag]}. */
    public static List<String> of(String section) {
        try {
            List<String> lines = Files.readAllLines(DOCUMENT);
            int from = lines.indexOf("## " + section);
            if (from < 0) {
                throw new IllegalArgumentException(DOCUMENT + " has no section " + section);
            }
            return lines.stream()
                    .skip(from + 1L)
                    .takeWhile(line -> !line.startsWith("## "))
                    .filter(line -> line.startsWith("| `"))
                    .map(MeterTable::meter)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String meter(String line) {
        List<String> cells =
                Arrays.stream(line.split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList();
        List<String> tags =
                Arrays.stream(cells.get(4).split(","))
                        .map(String::strip)
                        .filter(t -> !t.isEmpty())
                        .toList();
        return cells.get(1) + " " + cells.get(2) + " " + tags;
    }
}
