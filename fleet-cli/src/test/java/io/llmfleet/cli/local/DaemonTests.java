package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTests {

    @TempDir Path folder;
    private Daemon daemon;

    @BeforeEach
    void prepare() {
        daemon = daemon();
    }

    @AfterEach
    void kill() {
        daemon.kill();
    }

    private Daemon daemon() {
        return new Daemon(folder.resolve("d.pid"), folder.resolve("d.out"));
    }

    private Daemon.Program shell(String script, Map<String, String> environment) {
        return new Daemon.Program(List.of("/bin/sh", "-c", script), environment, folder);
    }

    @Test
    void isKnownAgainByAnotherProcess() {
        Daemon.Program program = shell("sleep 60", Map.of("A", "1"));
        ProcessHandle started = daemon.start(program);

        assertThat(daemon().running()).contains(started);
        assertThat(daemon().runs(program)).isTrue();
        assertThat(daemon().runs(shell("sleep 60", Map.of("A", "2")))).isFalse();
    }

    @Test
    void isNotTakenForAnotherProcessThatHasItsNumber() {
        long pid = ProcessHandle.current().pid();
        long longAgo = Instant.now().minus(Duration.ofDays(9)).toEpochMilli();
        PrivateFiles.write(folder.resolve("d.pid"), pid + " " + longAgo + " f00");

        assertThat(daemon.running()).isEmpty();
        daemon.kill();
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void takesAwayVariablesThatAreEmpty() {
        daemon.start(shell("echo \"home is ${HOME-none}\"", Map.of("HOME", "")));

        await().until(() -> LogFiles.lastLines(folder.resolve("d.out"), 1).size() == 1);
        assertThat(daemon.lastWords()).isEqualTo("home is none");
    }

    @Test
    void killsWhatDoesNotEndInTime() {
        ProcessHandle deaf = daemon.start(shell("trap '' TERM; echo deaf; sleep 60", Map.of()));
        await().until(() -> daemon.lastWords().equals("deaf"));

        daemon.stop("TERM", Duration.ofMillis(200));

        assertThat(deaf.isAlive()).isFalse();
        assertThat(daemon.running()).isEmpty();
    }

    @Test
    void saysTheLastWordsOfOneThatEnds() {
        daemon.start(shell("echo no license; exit 1", Map.of()));

        assertThatThrownBy(
                        () ->
                                Readiness.await(
                                        "the thing", daemon, Duration.ofMinutes(1), () -> false))
                .isInstanceOf(FleetException.class)
                .hasMessage("the thing ended at once: no license (log: " + daemon.log() + ")");
    }

    @Test
    void namesAProgramThatIsNotThere() {
        var program = new Daemon.Program(List.of("/nowhere/server"), Map.of(), folder);
        daemon.start(program);

        assertThatThrownBy(
                        () ->
                                Readiness.await(
                                        "the server", daemon, Duration.ofMinutes(1), () -> false))
                .hasMessageContaining("/nowhere/server");
    }
}
