package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.DatabaseEndpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements of backup and restore on one connection. */
final class Sql {

    private Sql() {}

    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    static Connection connect(DatabaseEndpoint database) throws SQLException {
        Connection connection =
                DriverManager.getConnection(database.url(), database.user(), database.password());
        try {
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static <T> List<T> query(Connection connection, String sql, Row<T> row) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row.read(rows));
            }
            return all;
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        return query(connection, sql, row -> row.getLong(1)).getFirst();
    }

    /** What the database says, without the row that it may quote. */
    static FleetException problem(String what, SQLException e) {
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new FleetException(what + ": " + said, e);
    }
}
