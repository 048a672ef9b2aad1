package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.DatabaseEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;

/**
 * Fills a store from a backup, whole or not at all, with the tables as they were when it was made:
 * a producer migrates them when it starts. Unfinished tasks wait for dispatch again, an epoch
 * higher, so that results of messages from before have no effect.
 */
public final class StoreRestore {

    /** As services name their connections. */
    private static final String PRODUCERS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and application_name = 'producer-service'";

    private static final String DISPATCH_ANEW =
            """
            update task_open set state = 0, epoch = epoch + 1, fence = epoch + 1, sent_at = null,
                -- turns of a conversation are held until the service finds whose turn it is
                claimed_at = case when conversation is not null then 'infinity'::timestamptz end,
                watch_at = null, asked_at = null, started_at = null, pool = null, model = null, route_reason = null
            """;

    private final DatabaseEndpoint database;
    private final Path producerJar;

    /**
     * @param producerJar has the migrations that make the tables
     */
    public StoreRestore(DatabaseEndpoint database, Path producerJar) {
        this.database = database;
        this.producerJar = producerJar;
    }

    /**
     * @param force whether what the store has may be deleted
     * @return how many unfinished tasks are dispatched anew
     */
    public int restore(BackupFile backup, boolean force) {
        try {
            try (Connection connection = Sql.connect(database)) {
                requireIdle(connection);
                requireRoom(connection, force);
            }
            makeTables(backup.manifest().schemaVersion());
            try (Connection connection = Sql.connect(database)) {
                fill(connection, backup);
                int open = update(connection, DISPATCH_ANEW);
                connection.commit();
                // Plans that were made for empty tables are slow on full ones.
                Sql.execute(connection, "analyze");
                connection.commit();
                return open;
            }
        } catch (SQLException e) {
            throw Sql.problem("the store cannot be restored", e);
        } catch (IOException e) {
            throw new FleetException("the backup cannot be read: " + e, e);
        }
    }

    private static void requireIdle(Connection connection) throws SQLException {
        long producers = Sql.number(connection, PRODUCERS);
        if (producers > 0) {
            throw new FleetException(
                    "a producer uses this database ("
                            + producers
                            + " connections): stop the fleet first, ./fleet down");
        }
    }

    /** The key that every new store is given does not count. */
    private static void requireRoom(Connection connection, boolean force) throws SQLException {
        List<String> tables = Tables.names(connection);
        boolean ours = Tables.schemaVersion(connection).isPresent();
        if (!tables.isEmpty() && !ours) {
            throw new FleetException(
                    "the database has tables that are not a fleet's ("
                            + tables.getFirst()
                            + "): give an empty database");
        }
        if (force) {
            return;
        }
        for (String table : tables) {
            long rows = Sql.number(connection, "select count(*) from " + Sql.quoted(table));
            if (rows > (table.equals("access_key") ? 1 : 0)) {
                throw new FleetException(
                        "the store is not empty (table "
                                + table
                                + " has "
                                + rows
                                + " rows): --force deletes all that it has");
            }
        }
    }

    private void makeTables(String version) throws IOException {
        try (var migrations =
                new URLClassLoader(
                        new java.net.URL[] {producerJar.toUri().toURL()},
                        StoreRestore.class.getClassLoader())) {
            Flyway flyway =
                    Flyway.configure(migrations)
                            .dataSource(database.url(), database.user(), database.password())
                            .locations("classpath:db/migration")
                            .target(version)
                            .cleanDisabled(false)
                            .load();
            boolean known =
                    Arrays.stream(flyway.info().all())
                            .anyMatch(
                                    m ->
                                            m.getVersion() != null
                                                    && m.getVersion().toString().equals(version)
                                                    && m.getState().isResolved());
            if (!known) {
                throw new FleetException(
                        "the backup is of a newer fleet: this one does not know its tables (version "
                                + version
                                + ")");
            }
            flyway.clean();
            flyway.migrate();
        } catch (FlywayException e) {
            throw new FleetException("the store's tables cannot be made: " + e.getMessage(), e);
        }
    }

    private static void fill(Connection connection, BackupFile backup)
            throws SQLException, IOException {
        Manifest manifest = backup.manifest();
        Sql.execute(
                connection,
                "call ensure_task_partitions(%s, %s)"
                        .formatted(day(manifest.firstDay()), day(manifest.lastDay())));
        for (Manifest.Table table : manifest.tables()) {
            try (InputStream in = backup.open(table)) {
                long rows =
                        connection
                                .unwrap(PGConnection.class)
                                .getCopyAPI()
                                .copyIn("copy " + table.sql() + " from stdin", in);
                if (rows != table.rows()) {
                    throw new FleetException(
                            "table %s has %d rows instead of %d"
                                    .formatted(table.name(), rows, table.rows()));
                }
            }
        }
    }

    private static String day(String day) {
        if (!day.matches("[0-9]{8}")) {
            throw new FleetException("the backup has the day '" + day + "', accepted: YYYYMMDD");
        }
        return "date '" + day + "'";
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
