package io.llmfleet.testing;

import io.llmfleet.cli.local.DatabaseEndpoint;
import io.llmfleet.cli.local.LocalDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An empty database on a real PostgreSQL server that all tests of a process share. */
public final class TestDatabase {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable LocalDatabase server;

    private final DatabaseEndpoint endpoint;

    private TestDatabase(DatabaseEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    public static TestDatabase create() {
        return new TestDatabase(server().create("test_" + COUNT.incrementAndGet()));
    }

    private static synchronized LocalDatabase server() {
        LocalDatabase known = server;
        if (known == null) {
            known = start();
            server = known;
        }
        return known;
    }

    private static LocalDatabase start() {
        try {
            Path home = Files.createTempDirectory("fleet-test-db");
            var database = new LocalDatabase(home, Path.of("target", "pgsql-18"));
            Runtime.getRuntime().addShutdownHook(new Thread(database::wipe));
            database.start();
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return endpoint.url();
    }

    public String user() {
        return endpoint.user();
    }

    public String password() {
        return endpoint.password();
    }
}
