package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds programs of this machine and runs them to their end. */
final class Programs {

    /** Where programs are that a user's PATH may not name. */
    private static final List<String> MORE_FOLDERS =
            List.of(
                    "/usr/sbin",
                    "/sbin",
                    "/usr/bin",
                    "/bin",
                    "/opt/homebrew/sbin",
                    "/opt/homebrew/bin",
                    "/usr/local/sbin",
                    "/usr/local/bin");

    /**
     * What a program said and how it ended.
     *
     * @param text standard output and standard error
     */
    record Output(int exit, String text) {
        boolean ok() {
            return exit == 0;
        }

        String lastLine() {
            return text.lines().filter(l -> !l.isBlank()).reduce("", (a, b) -> b).strip();
        }
    }

    private Programs() {}

    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), MORE_FOLDERS.stream())
                .filter(f -> !f.isBlank())
                .map(f -> Path.of(f, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Of the JDK that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static boolean linux() {
        return System.getProperty("os.name", "").startsWith("Linux");
    }

    /** Numeric user id 0. */
    static boolean root() {
        return run(Duration.ofSeconds(30), "id", "-u").text().strip().equals("0");
    }

    static Output run(Duration limit, String... command) {
        return run(limit, Map.of(), List.of(command));
    }

    /**
     * @return exit code 127 if the program is not there, 124 if it took too long
     */
    static Output run(Duration limit, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("fleet", ".out");
            try {
                return run(limit, environment, command, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new FleetException(
                    "cannot write to "
                            + System.getProperty("java.io.tmpdir")
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static Output run(
            Duration limit, Map<String, String> environment, List<String> command, Path output)
            throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Output(127, String.valueOf(e.getMessage()));
        }
        if (!await(process, limit)) {
            process.destroyForcibly();
            return new Output(
                    124, command.getFirst() + " took longer than " + limit.toSeconds() + " s");
        }
        return new Output(process.exitValue(), text(output));
    }

    private static boolean await(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
