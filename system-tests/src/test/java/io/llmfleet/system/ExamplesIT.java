package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs under {@code examples}, each run as its first lines say. */
class ExamplesIT {

    private static final Path EXAMPLES = RunningFleet.ROOT.resolve("examples");

    @TempDir static Path folder;
    private static RunningFleet fleet;

    /** What a program left behind; its errors are among what it said. */
    private record Outcome(int exit, String said) {}

    @BeforeAll
    static void up() {
        fleet = RunningFleet.start(folder, Map.of());
    }

    @AfterAll
    static void down() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void curlAsksStreamsAndHandsOver() throws Exception {
        Outcome outcome = run(EXAMPLES, fleet.key(), EXAMPLES.resolve("curl/chat.sh").toString());

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(outcome.said())
                .contains("\"object\":\"chat.completion\"")
                .contains("\"object\":\"chat.completion.chunk\"", "data: [DONE]")
                .contains("\"state\":\"SUCCEEDED\"");
    }

    @Test
    void curlFailsWithTheReasonIfTheKeyIsWrong() throws Exception {
        Outcome outcome = run(EXAMPLES, "wrong", EXAMPLES.resolve("curl/chat.sh").toString());

        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.said()).contains("invalid_api_key");
    }

    @Test
    void pythonAsksStreamsAndHandsOver() throws Exception {
        String script = EXAMPLES.resolve("python/chat.py").toString();
        assumeTrue(answers("python3", "--version"), "there is no python3 on this machine");

        Outcome outcome = run(EXAMPLES, fleet.key(), "python3", script);

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(outcome.said()).containsPattern("whole: .*messages");
        assertThat(outcome.said()).containsPattern("streamed: .*messages");
        assertThat(outcome.said()).containsPattern("handed over: .*messages");
        assertThat(run(EXAMPLES, "wrong", "python3", script).said()).startsWith("chat: 401: ");
    }

    @Test
    void nodeAsksWithTheOfficialClient() throws Exception {
        assumeTrue(answers("npm", "--version"), "there is no Node.js on this machine");
        Path copy = Files.createDirectory(folder.resolve("node"));
        for (String file : List.of("package.json", "package-lock.json", "chat.js")) {
            Files.copy(EXAMPLES.resolve("node").resolve(file), copy.resolve(file));
        }
        Outcome installed = run(copy, fleet.key(), "npm", "ci", "--no-audit", "--no-fund");
        assertThat(installed.exit()).as(installed.said()).isZero();

        Outcome outcome = run(copy, fleet.key(), "npm", "start");

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(outcome.said()).containsPattern("whole: .*messages");
        assertThat(outcome.said()).containsPattern("streamed: .*messages");
        assertThat(outcome.said()).contains("embedded: 384 numbers, 384 numbers");
    }

    @Test
    void javaAsksWithTheOfficialClient() throws Exception {
        Outcome outcome =
                run(
                        EXAMPLES,
                        fleet.key(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EXAMPLES.resolve("java/Chat.java").toString());

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(outcome.said()).containsPattern("whole: .*messages");
        assertThat(outcome.said()).containsPattern("streamed: .*messages");
        assertThat(outcome.said()).contains("embedded: 2 texts");
    }

    private static boolean answers(String... command) throws InterruptedException {
        try {
            return run(EXAMPLES, "", command).exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Outcome run(Path folder, String key, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.environment().put("OPENAI_BASE_URL", fleet.url() + "/v1");
        builder.environment().put("OPENAI_API_KEY", key);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), said.strip());
    }
}
