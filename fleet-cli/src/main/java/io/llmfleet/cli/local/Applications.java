package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The services' jars, extracted for a fast start: a copy per build, so that a new build takes
 * nothing from under a process that runs.
 */
public final class Applications {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path root;
    private final Path folder;

    /**
     * @param root of the project
     * @param folder where the extracted jars go
     */
    public Applications(Path root, Path folder) {
        this.root = root.toAbsolutePath().normalize();
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * In the project's build folder, for all its fleets; in a fleet's own where that is not ours.
     */
    static Path folder(Path root, Path home) {
        Path shared = root.toAbsolutePath().normalize().resolve("target/app");
        Path there = shared;
        while (!Files.exists(there)) {
            there = PrivateFiles.parent(there);
        }
        return Files.isWritable(there) ? shared : home.resolve("app");
    }

    /** Sees to it that services start fast; what cannot be made is told and left out. */
    void prepare(Consumer<String> progress) {
        Arrays.stream(Service.values())
                .parallel()
                .forEach(
                        service -> {
                            String problem = cache(service).make();
                            if (!problem.isEmpty()) {
                                progress.accept(
                                        "the %s starts slower, there is no AOT cache: %s"
                                                .formatted(service.word(), problem));
                            }
                        });
    }

    AotCache cache(Service service) {
        return new AotCache(service, extracted(service));
    }

    /**
     * @return a jar that starts with {@code java -jar}
     */
    Path extracted(Service service) {
        Path jar = root.resolve(service.jar());
        if (!whole(jar)) {
            return jar;
        }
        Path target = folder.resolve(service.word() + "-" + build(jar));
        if (!Files.isDirectory(target)) {
            extract(jar, target);
            removeUnused(service, target);
        }
        return target.resolve(String.valueOf(jar.getFileName()));
    }

    /** In a container image the jar was extracted when that was made. */
    private static boolean whole(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getEntry("BOOT-INF/") != null;
        } catch (IOException e) {
            throw new FleetException(jar + " is missing: build it with ./mvnw package", e);
        }
    }

    private static String build(Path jar) {
        try {
            long changed = Files.getLastModifiedTime(jar).toMillis();
            return Long.toString(changed, 36) + "-" + Long.toString(Files.size(jar), 36);
        } catch (IOException e) {
            throw PrivateFiles.cannot("read", jar, e);
        }
    }

    /** Earlier builds of the service that no process runs. */
    private void removeUnused(Service service, Path current) {
        List<String> commands =
                ProcessHandle.allProcesses().flatMap(p -> p.info().commandLine().stream()).toList();
        try (Stream<Path> builds = Files.list(folder)) {
            builds.filter(b -> String.valueOf(b.getFileName()).startsWith(service.word() + "-"))
                    .filter(b -> !b.equals(current))
                    .filter(b -> commands.stream().noneMatch(c -> c.contains(b + "/")))
                    .forEach(PrivateFiles::delete);
        } catch (IOException e) {
            throw PrivateFiles.cannot("read", folder, e);
        }
    }

    private void extract(Path jar, Path target) {
        PrivateFiles.folder(folder);
        Path temporary = folder.resolve("." + target.getFileName() + "." + Secrets.random());
        var output =
                Programs.run(
                        LIMIT,
                        Programs.java(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--destination",
                        temporary.toString());
        if (!output.ok()) {
            PrivateFiles.delete(temporary);
            throw new FleetException("cannot extract " + jar + ": " + output.lastLine());
        }
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            PrivateFiles.delete(temporary);
            // Another process may have been faster.
            if (!Files.isDirectory(target)) {
                throw PrivateFiles.cannot("extract to", target, e);
            }
        }
    }
}
