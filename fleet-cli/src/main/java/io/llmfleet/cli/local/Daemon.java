package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process in a session of its own that outlives the one that starts it, known again by its id and
 * its start time, so that a number used twice is never taken for it.
 */
final class Daemon {

    private static final long LOG_LIMIT = 10_000_000;
    private static final Duration START_TIME_SLACK = Duration.ofSeconds(3);

    /**
     * What is run.
     *
     * @param environment on top of this process's; what is empty is taken from it
     */
    record Program(List<String> command, Map<String, String> environment, Path folder) {

        /**
         * Changes with everything that the process was started with, but for how fast it starts.
         */
        String fingerprint() {
            List<String> parts = command.stream().filter(p -> !AotCache.isOption(p)).toList();
            return Integer.toHexString(List.of(parts, environment).hashCode());
        }
    }

    private final Path pidFile;
    private final Path log;

    Daemon(Path pidFile, Path log) {
        this.pidFile = pidFile;
        this.log = log;
    }

    Path log() {
        return log;
    }

    Optional<ProcessHandle> running() {
        String[] known = PrivateFiles.read(pidFile).split(" ");
        if (known.length < 3) {
            return Optional.empty();
        }
        Instant started = Instant.ofEpochMilli(Long.parseLong(known[1]));
        return ProcessHandle.of(Long.parseLong(known[0]))
                .filter(ProcessHandle::isAlive)
                .filter(p -> startedAt(p, started));
    }

    /** Whether the process runs and was started with just this. */
    boolean runs(Program program) {
        String[] known = PrivateFiles.read(pidFile).split(" ");
        return known.length == 3 && known[2].equals(program.fingerprint()) && running().isPresent();
    }

    private static boolean startedAt(ProcessHandle process, Instant time) {
        return process.info()
                .startInstant()
                .map(s -> Duration.between(s, time).abs().compareTo(START_TIME_SLACK) <= 0)
                .orElse(true);
    }

    ProcessHandle start(Program program) {
        PrivateFiles.folder(PrivateFiles.parent(log));
        PrivateFiles.folder(program.folder());
        boundLog();
        ProcessHandle process = launch(program);
        Instant started = process.info().startInstant().orElse(Instant.now());
        PrivateFiles.write(
                pidFile,
                process.pid() + " " + started.toEpochMilli() + " " + program.fingerprint());
        return process;
    }

    private void boundLog() {
        try {
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
                Path old = log.resolveSibling(log.getFileName() + ".1");
                Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw PrivateFiles.cannot("rotate", log, e);
        }
    }

    private ProcessHandle launch(Program program) {
        Path pid = pidFile.resolveSibling(pidFile.getFileName() + ".new");
        boolean setsid = Programs.find("setsid").isPresent();
        var builder = new ProcessBuilder(detached(setsid, program.command(), pid));
        builder.directory(program.folder().toFile());
        builder.environment().putAll(program.environment());
        builder.environment().values().removeIf(String::isEmpty);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process started = builder.start();
            return setsid ? started.toHandle() : startedByShell(started, pid);
        } catch (IOException e) {
            throw new FleetException(
                    "cannot start " + program.command().getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** Where there is no setsid (macOS), a shell with job control makes a process group. */
    private static List<String> detached(boolean setsid, List<String> command, Path pidFile) {
        List<String> all = new ArrayList<>();
        if (setsid) {
            all.add("setsid");
        } else {
            all.addAll(
                    List.of(
                            "/bin/sh",
                            "-c",
                            "set -m; nohup \"$@\" & echo $! > \"$0\"",
                            pidFile.toString()));
        }
        all.addAll(command);
        return all;
    }

    private static ProcessHandle startedByShell(Process shell, Path pidFile) throws IOException {
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
        long pid = Long.parseLong(PrivateFiles.read(pidFile));
        Files.deleteIfExists(pidFile);
        return ProcessHandle.of(pid)
                .orElseThrow(() -> new FleetException("the process ended at once"));
    }

    /** Asks with the signal, then kills after the grace time; returns when the process is gone. */
    void stop(String signal, Duration grace) {
        Optional<ProcessHandle> process = running();
        if (process.isPresent()) {
            signal(process.get(), signal);
            if (!gone(process.get(), grace)) {
                signal(process.get(), "KILL");
                gone(process.get(), Duration.ofSeconds(10));
            }
        }
        forget();
    }

    /** Sends the signal if the process runs. */
    void signal(String signal) {
        running().ifPresent(p -> signal(p, signal));
    }

    void kill() {
        stop("KILL", Duration.ofSeconds(10));
    }

    private void forget() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw PrivateFiles.cannot("delete", pidFile, e);
        }
    }

    private static void signal(ProcessHandle process, String signal) {
        // The shell's own kill: the program of that name is not on every machine.
        Programs.run(
                Duration.ofSeconds(5), "/bin/sh", "-c", "kill -" + signal + " " + process.pid());
    }

    private static boolean gone(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    /** Why it ended, as far as what it wrote tells. */
    String lastWords() {
        return LogFiles.reason(log);
    }
}
