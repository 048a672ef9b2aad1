package io.llmfleet.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders overlays with the real program, after the scripts that a person runs before. */
final class Kustomize {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> NEEDED = List.of("k8s", "deploy", "observability");
    private static final ConcurrentHashMap<String, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    /**
     * Once for all tests; they are skipped where there is no program, on a build server they fail.
     */
    static Manifests overlay(String name) {
        return RENDERED.computeIfAbsent(name, Kustomize::render);
    }

    private static Manifests render(String overlay) {
        List<String> program = program();
        try {
            Path copy = Files.createTempDirectory("fleet-kustomize");
            NEEDED.forEach(folder -> copy(ROOT.resolve(folder), copy.resolve(folder)));
            Path folder = copy.resolve("k8s/overlays").resolve(overlay);
            run(copy, script(folder));
            String yaml =
                    run(
                            copy,
                            Stream.concat(program.stream(), Stream.of(folder.toString())).toList());
            delete(copy);
            return new Manifests(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> program() {
        Optional<List<String>> found =
                Stream.of(List.of("kubectl", "kustomize"), List.of("kustomize", "build"))
                        .filter(command -> onPath(command.getFirst()))
                        .findFirst();
        boolean mustBeThere = Boolean.parseBoolean(System.getenv("CI"));
        assumeTrue(
                found.isPresent() || mustBeThere,
                "neither kubectl nor kustomize is installed: what they would render is not looked at");
        return found.orElseThrow(
                () -> new AssertionError("the build server has neither kubectl nor kustomize"));
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static List<String> script(Path overlay) throws IOException {
        try (Stream<Path> files = Files.list(overlay)) {
            return files.filter(f -> f.getFileName().toString().matches("make-.*\\.sh"))
                    .map(Path::toString)
                    .toList();
        }
    }

    private static String run(Path folder, List<String> command) throws IOException {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Without what scripts of earlier runs left there. */
    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                @Nullable Path folder = file.getParent();
                if (folder != null && folder.endsWith("secrets")) {
                    continue;
                }
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.resolveSibling("."));
                Files.copy(file, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
