package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A private PostgreSQL server: its data are of one folder and safe against a crash, it listens on
 * the loopback address only, asks for a password, and outlives the process that starts it.
 */
public final class LocalDatabase {

    private static final String USER = "fleet";
    private static final Duration INIT_LIMIT = Duration.ofMinutes(2);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /**
     * The name of the folder changes with the server's major version, so that data are never mixed.
     */
    private static final String DATA = "data-18";

    private final Path home;
    private final Path binaries;
    private final Daemon daemon;
    private final Secrets secrets;

    public LocalDatabase(Path home) {
        this(home, home.resolve("pgsql-18"));
    }

    /**
     * @param home folder of the data, made if needed
     * @param binaries folder of the server's programs, unpacked if needed
     */
    public LocalDatabase(Path home, Path binaries) {
        this.home = home.toAbsolutePath().normalize();
        this.binaries = binaries.toAbsolutePath().normalize();
        this.daemon =
                new Daemon(this.home.resolve("postgres.pid"), this.home.resolve("postgres.log"));
        this.secrets = new Secrets(this.home.resolve("secrets"));
    }

    /** Starts it unless it runs; returns when it answers. */
    public DatabaseEndpoint start() {
        if (!running()) {
            PrivateFiles.folder(home);
            PostgresBinaries.unpackTo(binaries);
            List<String> notRoot = Unprivileged.prefix();
            initialise(notRoot);
            launch(notRoot);
        }
        Readiness.await("the database", daemon, START_LIMIT, this::answers);
        return endpoint();
    }

    /** Whether it was ever started. */
    boolean exists() {
        return Files.isRegularFile(home.resolve(DATA).resolve("PG_VERSION"));
    }

    private void initialise(List<String> notRoot) {
        Path data = home.resolve(DATA);
        if (exists()) {
            return;
        }
        PrivateFiles.delete(data);
        PrivateFiles.delete(home.resolve("data.new"));
        Path password = home.resolve("secrets").resolve(USER);
        secrets.of(USER);
        List<String> command = new ArrayList<>(notRoot);
        command.addAll(
                List.of(
                        binaries.resolve("bin/initdb").toString(),
                        "--pgdata=" + home.resolve("data.new"),
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale"));
        var output = Programs.run(INIT_LIMIT, Map.of(), command);
        if (!output.ok()) {
            throw new FleetException("the database cannot be made: " + output.lastLine());
        }
        // Only a whole data folder gets its final name.
        if (!home.resolve("data.new").toFile().renameTo(data.toFile())) {
            throw new FleetException("cannot rename " + home.resolve("data.new") + " to " + data);
        }
    }

    private void launch(List<String> notRoot) {
        int port = Ports.kept(home.resolve("postgres.port"));
        List<String> command = new ArrayList<>(notRoot);
        command.addAll(
                List.of(
                        binaries.resolve("bin/postgres").toString(),
                        "-D",
                        home.resolve(DATA).toString()));
        settings(port)
                .forEach(
                        s -> {
                            command.add("-c");
                            command.add(s);
                        });
        daemon.start(new Daemon.Program(command, Map.of(), home));
    }

    private static List<String> settings(int port) {
        return List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "shared_buffers=64MB",
                "max_connections=100",
                // A query whose client was killed must not hold its locks until it is done.
                "client_connection_check_interval=1s",
                "max_parallel_workers_per_gather=0",
                "io_method=sync",
                "jit=off",
                "max_wal_size=512MB",
                "checkpoint_timeout=15min",
                "log_min_messages=warning",
                "lc_messages=C");
    }

    private boolean answers() {
        try (Connection c = connect("postgres")) {
            return c.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, secrets.of(USER));
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:"
                + Ports.known(home.resolve("postgres.port"))
                + "/"
                + database;
    }

    public DatabaseEndpoint endpoint() {
        return new DatabaseEndpoint(url("postgres"), USER, secrets.of(USER));
    }

    /**
     * A new, empty database on this server.
     *
     * @param name letters, digits and underscores
     */
    public DatabaseEndpoint create(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,50}")) {
            throw new IllegalArgumentException("not a name of a database: " + name);
        }
        try (Connection c = connect("postgres");
                var statement = c.createStatement()) {
            statement.execute("create database " + name);
            return new DatabaseEndpoint(url(name), USER, secrets.of(USER));
        } catch (SQLException e) {
            throw new FleetException("cannot create a database: " + e.getMessage(), e);
        }
    }

    public boolean running() {
        return daemon.running().isPresent();
    }

    /** Its main process, for those who measure it. */
    public Optional<ProcessHandle> process() {
        return daemon.running();
    }

    public void stop() {
        daemon.stop("INT", STOP_LIMIT);
    }

    /** As a crash would. */
    public void kill() {
        List<ProcessHandle> family =
                daemon.running().stream().flatMap(ProcessHandle::descendants).toList();
        daemon.kill();
        // Those that are left hold the shared memory that the next start needs.
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(
                process ->
                        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join());
    }

    public void wipe() {
        stop();
        PrivateFiles.delete(home);
    }
}
