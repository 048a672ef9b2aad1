package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds, and whether a build can restore it.
 *
 * @param format of the file
 * @param madeAt ISO 8601; what was committed by then is in it
 * @param schemaVersion of the store's tables, as Flyway counts
 * @param firstDay of the partitions, {@code YYYYMMDD} in UTC
 * @param lastDay likewise
 * @param tables in an order in which every row comes after those that it refers to
 * @param home SHA-256 of each file of the fleet's home, by name
 */
public record Manifest(
        int format,
        String madeAt,
        String schemaVersion,
        String firstDay,
        String lastDay,
        List<Table> tables,
        Map<String, String> home) {

    static final int FORMAT = 1;

    /**
     * Rows of a table in PostgreSQL's COPY text format.
     *
     * @param sha256 of that text, in hex
     */
    public record Table(String name, List<String> columns, long rows, String sha256) {

        String entry() {
            return "tables/" + name;
        }

        /** Name and columns, quoted. */
        String sql() {
            return Sql.quoted(name) + " (" + columnsSql() + ")";
        }

        String columnsSql() {
            return String.join(", ", columns.stream().map(Sql::quoted).toList());
        }
    }

    static String homeEntry(String name) {
        return "home/" + name;
    }

    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    public long rows(String table) {
        return tables.stream().filter(t -> t.name().equals(table)).mapToLong(Table::rows).sum();
    }

    void requireKnownFormat(String file) {
        if (format != FORMAT) {
            throw new FleetException(file + " has the format " + format + ", accepted: " + FORMAT);
        }
    }
}
