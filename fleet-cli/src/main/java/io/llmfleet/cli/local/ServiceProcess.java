package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One replica of a service as a process of its own; it outlives the process that starts it. */
public final class ServiceProcess {

    /** More than a service takes to finish or hand back what it works on. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final int PROBE_TIMEOUT_MS = 2_000;

    private final Service service;
    private final String name;
    private final FleetHome home;
    private final Daemon daemon;
    private Instant started = Instant.EPOCH;

    ServiceProcess(Service service, int replica, FleetHome home) {
        this.service = service;
        this.name = replica == 1 ? service.word() : service.word() + "-" + replica;
        this.home = home;
        this.daemon = new Daemon(home.run(name + ".pid"), home.logs(name + ".out"));
    }

    public Service service() {
        return service;
    }

    public String name() {
        return name;
    }

    /** What the service logs; kept small by the service itself. */
    public Path log() {
        return home.logs(name + ".log");
    }

    /**
     * Starts it unless a process with just these settings runs; one with other settings is
     * replaced.
     *
     * @param environment on top of this process's own
     * @return whether a process was started
     */
    public boolean start(Map<String, String> environment, int port) {
        Daemon.Program program = program(environment, port);
        if (daemon.runs(program)) {
            return false;
        }
        stop();
        if (!Ports.free(port)) {
            throw new FleetException(
                    "port "
                            + port
                            + " is taken by another program"
                            + (service == Service.PRODUCER
                                    ? ": give another one with FLEET_PORT"
                                    : ""));
        }
        PrivateFiles.write(portFile(), Integer.toString(port));
        started = Instant.now();
        daemon.start(program);
        return true;
    }

    private Daemon.Program program(Map<String, String> environment, int port) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("SERVER_PORT", Integer.toString(port));
        all.put("LOGGING_FILE_NAME", log().toString());
        all.put("LOGGING_LOGBACK_ROLLINGPOLICY_MAX_FILE_SIZE", "10MB");
        all.put("LOGGING_LOGBACK_ROLLINGPOLICY_MAX_HISTORY", "3");
        all.put("LOGGING_LOGBACK_ROLLINGPOLICY_TOTAL_SIZE_CAP", "40MB");
        all.put("LOGGING_THRESHOLD_CONSOLE", "OFF");
        // Otherwise the C library keeps an arena of memory for each thread.
        all.put("MALLOC_ARENA_MAX", "2");
        List<String> command = new ArrayList<>();
        command.add(Programs.java());
        command.addAll(service.jvmOptions());
        String more = environment.getOrDefault("FLEET_JAVA_OPTS", "");
        command.addAll(List.of(more.split(" ")).stream().filter(o -> !o.isBlank()).toList());
        command.addAll(home.applications().cache(service).options());
        Path jar = home.applications().extracted(service);
        command.addAll(List.of("-jar", jar.toString()));
        return new Daemon.Program(command, all, home.folder());
    }

    private Path portFile() {
        return home.run(name + ".port");
    }

    public boolean running() {
        return daemon.running().isPresent();
    }

    public Optional<ProcessHandle> process() {
        return daemon.running();
    }

    /** Asks it to finish; kills it if it does not in time. */
    public void stop() {
        daemon.stop("TERM", STOP_LIMIT);
    }

    /** As a crash would. */
    public void kill() {
        daemon.kill();
    }

    /** Stops it in its tracks, connections open, until {@link #resume()}. */
    public void pause() {
        daemon.signal("STOP");
    }

    public void resume() {
        daemon.signal("CONT");
    }

    /** 0 where it was never started. */
    public int port() {
        return Ports.known(portFile());
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public boolean ready() {
        try {
            var connection =
                    (HttpURLConnection)
                            URI.create(url() + "/actuator/health/readiness")
                                    .toURL()
                                    .openConnection();
            connection.setConnectTimeout(PROBE_TIMEOUT_MS);
            connection.setReadTimeout(PROBE_TIMEOUT_MS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * @throws FleetException with its last log line and the log's path
     */
    public void awaitReady(Duration limit) {
        try {
            Readiness.await("the " + name, daemon, limit, this::ready);
        } catch (FleetException e) {
            // What an earlier process wrote is no reason.
            String last = LogFiles.writtenSince(log(), started) ? LogFiles.reason(log()) : "";
            if (last.isEmpty()) {
                throw e;
            }
            throw new FleetException(
                    "the " + name + " is not ready: " + last + " (log: " + log() + ")", e);
        }
    }
}
