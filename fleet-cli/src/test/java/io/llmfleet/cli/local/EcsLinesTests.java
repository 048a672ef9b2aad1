package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EcsLinesTests {

    private static final String LINE =
            """
            {"@timestamp":"2026-03-01T12:00:00.5Z","log":{"level":"WARN","logger":"io.llmfleet.router.broker.IngressHandler"},\
            "message":"could not go to llm.work","trace.id":"4bf9","task":{"id":"t-1"},"ecs":{"version":"8.11"}}\
            """;
    private static final String FAILURE =
            """
            {"@timestamp":"2026-03-01T12:00:00.5Z","log":{"level":"ERROR","logger":"a.B"},"message":"Application run failed",\
            "error":{"type":"x.Outer","message":"outer","stack_trace":"x.Outer: outer\\n\\tat a.b.C\\nCaused by: x.Inner: refused\\n"}}\
            """;

    @TempDir Path folder;

    @Test
    void showsWhenWhatAndWhichTask() {
        assertThat(EcsLines.readable(LINE))
                .containsExactly(
                        "2026-03-01T12:00:00.5Z WARN  i.l.r.broker.IngressHandler :"
                                + " could not go to llm.work (task t-1)");
    }

    @Test
    void showsAStackTraceInItsLines() {
        assertThat(EcsLines.readable(FAILURE))
                .containsExactly(
                        "2026-03-01T12:00:00.5Z ERROR a.B : Application run failed",
                        "x.Outer: outer",
                        "\tat a.b.C",
                        "Caused by: x.Inner: refused");
    }

    @Test
    void leavesOtherLinesAsTheyAre() {
        assertThat(EcsLines.readable("plain")).containsExactly("plain");
        assertThat(EcsLines.readable("{\"@timestamp\":\"2026"))
                .containsExactly("{\"@timestamp\":\"2026");
    }

    @Test
    void theRootCauseIsTheReasonInBothFormats() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), FAILURE + "\n" + LINE + "\n");

        assertThat(LogFiles.reason(log)).isEqualTo("x.Inner: refused");
    }
}
