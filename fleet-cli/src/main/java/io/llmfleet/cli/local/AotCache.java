package io.llmfleet.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the JDK has learned from one start of a service and spares the next ones: its classes,
 * loaded and linked. Without it, or where the JDK does not take it, a service starts all the same.
 */
final class AotCache {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String CACHE = "-XX:AOTCache=";

    /**
     * The JDK warns of a cache that it does not take; a service's output is for its own reasons.
     */
    private static final String QUIET = "-Xlog:aot*=off,cds*=off";

    /** Ends a start when all is made, before anything is connected, listened on or consumed. */
    private static final List<String> NEEDING_NOTHING =
            List.of(
                    "--spring.rabbitmq.addresses=amqp://127.0.0.1:1",
                    "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
                    "--spring.flyway.enabled=false",
                    "--fleet.access.bootstrap-key=",
                    "--fleet.llm.base-url=",
                    "--fleet.llm.model=",
                    "--server.port=0");

    private final Service service;
    private final Path jar;

    /**
     * @param jar extracted, in the folder of its build
     */
    AotCache(Service service, Path jar) {
        this.service = service;
        this.jar = jar;
    }

    /**
     * Beside the jar, so that it goes with the build; another JDK or other options have their own.
     */
    Path file() {
        int made = List.of(System.getProperty("java.vm.version"), service.jvmOptions()).hashCode();
        return jar.resolveSibling("start-" + Integer.toHexString(made) + ".aot");
    }

    /** Of the JVM, for a start; none where there is no cache. */
    List<String> options() {
        return Files.isReadable(file()) ? List.of(QUIET, CACHE + file()) : List.of();
    }

    /** Whether the option is one of a cache: it makes no other process. */
    static boolean isOption(String option) {
        return option.equals(QUIET) || option.startsWith(CACHE);
    }

    /** What the start that is learned from runs, with what every start has. */
    List<String> training(Path output) {
        List<String> command = new ArrayList<>();
        command.add(Programs.java());
        command.addAll(service.jvmOptions());
        command.add("-XX:AOTCacheOutput=" + output);
        command.add("-Dspring.context.exit=onRefresh");
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(NEEDING_NOTHING);
        return command;
    }

    /**
     * Makes it unless it is there.
     *
     * @return why there is none, or the empty string
     */
    String make() {
        if (Files.exists(file())) {
            return "";
        }
        Path folder = PrivateFiles.folder(jar.resolveSibling("." + Secrets.random()));
        Path made = folder.resolve("cache");
        try {
            Programs.Output output = Programs.run(LIMIT, Map.of(), training(made));
            if (!Files.exists(made)) {
                return output.lastLine();
            }
            Files.move(made, file(), StandardCopyOption.ATOMIC_MOVE);
            return "";
        } catch (IOException e) {
            return String.valueOf(PrivateFiles.cannot("write", file(), e).getMessage());
        } finally {
            PrivateFiles.delete(folder);
        }
    }
}
