package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDatabaseIT {

    @TempDir Path home;

    private LocalDatabase database;

    @BeforeEach
    void start() {
        database = new LocalDatabase(home, Path.of("target", "pgsql-18"));
        database.start();
    }

    @AfterEach
    void wipe() {
        database.wipe();
    }

    @Test
    void keepsWhatWasCommittedWhenItIsKilled() throws SQLException {
        String url = database.endpoint().url();
        execute("create table t(i int)", "insert into t values (1), (2)");

        database.kill();
        assertThat(database.running()).isFalse();
        database.start();

        assertThat(database.endpoint().url()).isEqualTo(url);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void isSafeAgainstACrashOfTheMachine() throws SQLException {
        assertThat(setting("fsync")).isEqualTo("on");
        assertThat(setting("synchronous_commit")).isEqualTo("on");
        assertThat(setting("full_page_writes")).isEqualTo("on");
    }

    @Test
    void refusesAWrongPassword() {
        assertThatThrownBy(
                        () ->
                                DriverManager.getConnection(
                                                database.endpoint().url(), "fleet", "wrong")
                                        .close())
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void isStartedOnce() {
        long pid = database.process().orElseThrow().pid();
        new LocalDatabase(home, Path.of("target", "pgsql-18")).start();
        assertThat(database.process().orElseThrow().pid()).isEqualTo(pid);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection c = connect();
                var s = c.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }

    private int count() throws SQLException {
        try (Connection c = connect();
                var s = c.createStatement();
                var r = s.executeQuery("select count(*) from t")) {
            r.next();
            return r.getInt(1);
        }
    }

    private String setting(String name) throws SQLException {
        try (Connection c = connect();
                var s = c.createStatement();
                var r = s.executeQuery("show " + name)) {
            r.next();
            return r.getString(1);
        }
    }

    private Connection connect() throws SQLException {
        DatabaseEndpoint at = database.endpoint();
        return DriverManager.getConnection(at.url(), at.user(), at.password());
    }
}
