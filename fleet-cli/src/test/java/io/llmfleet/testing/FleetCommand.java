package io.llmfleet.testing;

import io.llmfleet.cli.FleetCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code fleet} as a person does, as a process; what this process's environment says of a
 * fleet does not reach it.
 */
public final class FleetCommand {

    private static final long LIMIT_MINUTES = 5;

    /**
     * What a command left behind.
     *
     * @param out standard output, without the line break at its end
     * @param err standard error, likewise
     */
    public record Outcome(int exit, String out, String err) {

        /** The last line of standard error; what comes before it tells progress. */
        public String lastLine() {
            return err.lines().reduce("", (a, b) -> b);
        }
    }

    private final Path root;
    private final Map<String, String> environment;

    /**
     * @param root of the project
     */
    public FleetCommand(Path root, Map<String, String> environment) {
        this.root = root.toAbsolutePath().normalize();
        this.environment = Map.copyOf(environment);
    }

    /** The same with other variables on top. */
    public FleetCommand with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(more);
        return new FleetCommand(root, all);
    }

    /** What one of these variables says. */
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    public Outcome run(String... arguments) {
        return runWithInput("", arguments);
    }

    /**
     * @param input what standard input has
     */
    public Outcome runWithInput(String input, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Dfleet.root=" + root);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(FleetCli.class.getName());
        command.addAll(List.of(arguments));
        try {
            return run(input, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Outcome run(String input, List<String> command)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("fleet-command");
        try {
            Path in = Files.writeString(folder.resolve("in"), input);
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            var builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(FleetCommand::ofFleet);
            builder.environment().putAll(environment);
            builder.directory(folder.toFile()).redirectInput(in.toFile());
            Process process =
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("takes too long: " + command);
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(out).stripTrailing(),
                    Files.readString(err).stripTrailing());
        } finally {
            for (String file : List.of("in", "out", "err", "")) {
                Files.deleteIfExists(folder.resolve(file));
            }
        }
    }

    private static boolean ofFleet(String variable) {
        return variable.matches("(FLEET|LLM|OPENAI|RABBITMQ)_.+");
    }
}
