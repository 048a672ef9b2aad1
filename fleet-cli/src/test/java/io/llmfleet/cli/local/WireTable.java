package io.llmfleet.cli.local;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The README's table of who writes to which exchange and who reads it, so that what people read is
 * what is tested.
 */
record WireTable(List<Row> rows) {

    /** A row; a name may have placeholders, as {@code llm.work.<pool>}. */
    record Row(String exchange, String writers, String readers) {

        private static Row of(String line) {
            List<String> cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
            return new Row(names(cells.get(1)).getFirst(), cells.get(3), cells.get(4));
        }

        /** A stream is named like its exchange, every other queue is named by the row. */
        private List<String> queues() {
            return readers.startsWith("stream") ? List.of(exchange) : names(readers);
        }
    }

    private static final String SECTION = "## On the wire";
    private static final Pattern NAME = Pattern.compile("`(llm\\.[^`]+)`");

    static WireTable ofReadme() {
        try (Stream<String> lines = Files.lines(Path.of("..", "README.md"))) {
            return new WireTable(
                    lines.dropWhile(line -> !line.equals(SECTION))
                            .skip(1)
                            .takeWhile(line -> !line.startsWith("## "))
                            .filter(line -> line.startsWith("| `llm."))
                            .map(Row::of)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param who a word of the table, as {@code router}
     * @param exchanges those that there are
     */
    Set<String> written(String who, Collection<String> exchanges) {
        return rows.stream()
                .filter(row -> names(who, row.writers()))
                .flatMap(row -> matching(row.exchange(), exchanges))
                .collect(toCollection(TreeSet::new));
    }

    /**
     * @param queues those that there are
     */
    Set<String> read(String who, Collection<String> queues) {
        return rows.stream()
                .filter(row -> names(who, row.readers()))
                .flatMap(row -> row.queues().stream())
                .flatMap(queue -> matching(queue, queues))
                .collect(toCollection(TreeSet::new));
    }

    private static boolean names(String who, String cell) {
        return cell.equals("all") || Pattern.compile("\\b" + who + "s?\\b").matcher(cell).find();
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static Stream<String> matching(String name, Collection<String> all) {
        Pattern pattern =
                Pattern.compile(name.replace(".", "\\.").replaceAll("<[a-z_]+>", "[a-z0-9-]+"));
        return all.stream().filter(one -> pattern.matcher(one).matches());
    }
}
