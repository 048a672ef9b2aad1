package io.llmfleet.system;

import io.llmfleet.cli.local.DatabaseEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;

/** The store of a fleet that has been at work for a week. */
final class BigStore {

    private final DatabaseEndpoint store;

    BigStore(DatabaseEndpoint store) {
        this.store = store;
    }

    /**
     * Adds final tasks and what belongs to them.
     *
     * @param tenant who has three of four of them
     */
    void fill(int tasks, String tenant) throws IOException, SQLException {
        String sql =
                script().replace("${tasks}", String.valueOf(tasks)).replace("${tenant}", tenant);
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    String one(String query) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(store.url(), store.user(), store.password());
    }

    private static String script() throws IOException {
        try (InputStream file = BigStore.class.getResourceAsStream("/big-store.sql")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
