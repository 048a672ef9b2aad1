package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTests {

    @TempDir Path folder;

    @Test
    void theRootCauseIsTheReason() throws IOException {
        assertThat(
                        reason(
                                """
                                Error starting the application
                                Caused by: java.lang.IllegalStateException: outer
                                    at a.b.C
                                Caused by: java.net.ConnectException: refused
                                    at d.e.F
                                """))
                .isEqualTo("java.net.ConnectException: refused");
    }

    @Test
    void aBrokersReasonIsPutTogetherOfItsLines() throws IOException {
        assertThat(
                        reason(
                                """
                                2026-01-01 [info] starting
                                BOOT FAILED
                                ===========
                                Error during startup: {error,
                                                          {cannot_read_file,
                                                              "nodes.config"}}

                                {"Kernel pid terminated",application_controller,"..."}
                                Crash dump is being written to: erl_crash.dump...done
                                """))
                .isEqualTo("Error during startup: {error, {cannot_read_file, \"nodes.config\"}}");
    }

    @Test
    void aBrokersReasonIsFoundInItsLogToo() throws IOException {
        assertThat(
                        reason(
                                """
                                BOOT FAILED
                                ===========
                                2026-01-01 00:00:00.760441+00:00 [error] <0.132.0>\s
                                2026-01-01 00:00:00.760441+00:00 [error] <0.132.0> BOOT FAILED
                                2026-01-01 00:00:00.760441+00:00 [error] <0.132.0> ===========
                                2026-01-01 00:00:00.760441+00:00 [error] <0.132.0> No cookie
                                2026-01-01 00:00:00.760441+00:00 [error] <0.132.0>\s
                                {"Kernel pid terminated",application_controller,"..."}
                                """))
                .isEqualTo("No cookie");
    }

    @Test
    void theLastLineIsTheReasonWhereNothingElseIs() throws IOException {
        assertThat(reason("one\ntwo\n\n")).isEqualTo("two");
        assertThat(reason("")).isEmpty();
        assertThat(LogFiles.reason(folder.resolve("none"))).isEmpty();
    }

    @Test
    void onlyTheEndOfALongLogIsRead() throws IOException {
        Path log = folder.resolve("long");
        Files.writeString(
                log,
                IntStream.range(0, 100_000)
                        .mapToObj(i -> "line " + i)
                        .collect(Collectors.joining("\n")));
        assertThat(LogFiles.lastLines(log, 2)).containsExactly("line 99998", "line 99999");
    }

    private String reason(String log) throws IOException {
        return LogFiles.reason(Files.writeString(folder.resolve("log"), log));
    }
}
