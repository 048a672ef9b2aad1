package io.llmfleet.cli.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which tables the store has, by the database's own catalogue, so that none is forgotten. */
final class Tables {

    static final String HISTORY = "flyway_schema_history";

    private static final String NAMES =
            """
            select relname from pg_class
            where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
              and relname <> 'flyway_schema_history'
            order by relname
            """;
    private static final String REFERENCES =
            """
            select f.relname, t.relname from pg_constraint c
            join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
            where c.contype = 'f' and f.oid <> t.oid and f.relnamespace = current_schema()::regnamespace
            """;
    private static final String COLUMNS =
            """
            select a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = current_schema()::regnamespace and c.relname = '%s' and a.attnum > 0
              and not a.attisdropped and a.attgenerated = ''
            order by a.attnum
            """;
    private static final String VERSION =
            "select version from flyway_schema_history where success and version is not null"
                    + " order by installed_rank desc limit 1";
    private static final String DAY =
            """
            select coalesce(%s(right(c.relname, 8)), to_char(now() at time zone 'UTC', 'YYYYMMDD'))
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where c.relnamespace = current_schema()::regnamespace and c.relname ~ '^task.*_[0-9]{8}$'
            """;

    private record Reference(String from, String to) {}

    private Tables() {}

    /** Every table after those that it refers to. */
    static List<String> inOrder(Connection connection) throws SQLException {
        List<String> left = new ArrayList<>(names(connection));
        List<Reference> references =
                Sql.query(
                        connection,
                        REFERENCES,
                        row -> new Reference(row.getString(1), row.getString(2)));
        List<String> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> free =
                    left.stream()
                            .filter(
                                    name ->
                                            references.stream()
                                                    .filter(r -> r.from().equals(name))
                                                    .allMatch(r -> ordered.contains(r.to())))
                            .toList();
            if (free.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + left);
            }
            ordered.addAll(free);
            left.removeAll(free);
        }
        return ordered;
    }

    static List<String> names(Connection connection) throws SQLException {
        return Sql.query(connection, NAMES, row -> row.getString(1));
    }

    static List<String> columns(Connection connection, String table) throws SQLException {
        String sql = COLUMNS.formatted(table.replace("'", "''"));
        return Sql.query(connection, sql, row -> row.getString(1));
    }

    /** Empty where no producer has ever made the tables. */
    static Optional<String> schemaVersion(Connection connection) throws SQLException {
        boolean known = Sql.number(connection, "select count(to_regclass('" + HISTORY + "'))") == 1;
        return known
                ? Sql.query(connection, VERSION, row -> row.getString(1)).stream().findFirst()
                : Optional.empty();
    }

    static String firstDay(Connection connection) throws SQLException {
        return Sql.query(connection, DAY.formatted("min"), row -> row.getString(1)).getFirst();
    }

    static String lastDay(Connection connection) throws SQLException {
        return Sql.query(connection, DAY.formatted("max"), row -> row.getString(1)).getFirst();
    }
}
