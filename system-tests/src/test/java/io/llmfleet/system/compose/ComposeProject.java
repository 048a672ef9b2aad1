package io.llmfleet.system.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.cli.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A fleet in containers under a project name, with ports and secrets of its own. */
final class ComposeProject {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Path SCRIPTS = ROOT.resolve("deploy/compose");
    private static final long LIMIT_MINUTES = 10;
    private static final List<String> IMAGES =
            List.of(
                    "rabbitmq:4.3-management",
                    "postgres:18",
                    "prom/prometheus:v3.5.0",
                    "eclipse-temurin:25-jdk",
                    "eclipse-temurin:25-jre");

    /** What a command printed. */
    record Output(int exit, String out, String err) {}

    private final Path folder;
    private final Path env;
    private final Map<String, String> environment = new TreeMap<>();

    /**
     * @param folder for its files
     */
    ComposeProject(Path folder, String name) {
        this.folder = folder;
        this.env = folder.resolve("env");
        environment.put("COMPOSE_PROJECT_NAME", name);
        environment.put("COMPOSE_ENV_FILES", env.toString());
        run(SCRIPTS.resolve("make-env.sh").toString(), env.toString());
        add("FLEET_TAG", name);
        // This build has made them already.
        add("FLEET_JARS", "host");
        for (String port : List.of("API", "AMQP", "MANAGEMENT", "PROMETHEUS")) {
            add(
                    port.equals("API") ? "FLEET_PORT" : "FLEET_" + port + "_PORT",
                    Integer.toString(Ports.any()));
        }
    }

    private void add(String name, String value) {
        try {
            Files.writeString(env, name + "=" + value + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of its env file. */
    String setting(String name) {
        try {
            return Files.readAllLines(env).stream()
                    .filter(line -> line.startsWith(name + "="))
                    .map(line -> line.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url(String port) {
        return "http://127.0.0.1:" + setting(port);
    }

    /** Why no fleet can be started here; empty if one can. */
    Optional<String> problem() {
        if (execute("docker", "compose", "version").exit() != 0
                || execute("docker", "info").exit() != 0) {
            return Optional.of("Docker or its plugin Compose does not answer");
        }
        String missing =
                IMAGES.stream()
                        .filter(i -> execute("docker", "image", "inspect", i).exit() != 0)
                        .collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of("Docker lacks " + missing);
    }

    /** What {@code ./fleet} runs where the fleet is in containers; the jars are not built. */
    Output fleet(String... arguments) {
        return execute(with(List.of(SCRIPTS.resolve("fleet.sh").toString()), arguments));
    }

    String compose(String... arguments) {
        return run(with(List.of("docker", "compose"), arguments));
    }

    /**
     * @return standard output of a command that succeeded
     */
    String run(String... command) {
        Output output = execute(command);
        assertThat(output.exit()).as("%s: %s", List.of(command), output.err()).isZero();
        return output.out();
    }

    private static String[] with(List<String> first, String... rest) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }

    private Output execute(String... command) {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment().keySet().removeIf(ComposeProject::ofFleet);
        builder.environment().putAll(environment);
        try {
            Process process =
                    builder.redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("takes too long: " + List.of(command));
            }
            return new Output(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            return new Output(127, "", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean ofFleet(String variable) {
        return variable.matches("(FLEET|LLM|OPENAI|RABBITMQ|COMPOSE|OTEL)_.+");
    }
}
