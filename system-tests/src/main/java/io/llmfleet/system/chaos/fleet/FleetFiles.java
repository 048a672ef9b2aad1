package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.FleetHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What a fleet under test leaves in files: its broker's port, its workers' call logs, its logs. */
final class FleetFiles {

    private final FleetHome home;

    FleetFiles(FleetHome home) {
        this.home = home;
    }

    void create() throws IOException {
        Files.createDirectories(home.folder().resolve("calls"));
    }

    /** 0 until the broker was started for the first time. */
    int brokerPort() {
        Path file = home.folder().resolve("broker").resolve("amqp.port");
        return Files.exists(file) ? Integer.parseInt(read(file).strip()) : 0;
    }

    Path callLog(int worker) {
        return home.folder().resolve("calls").resolve("worker-" + worker + ".log");
    }

    /** The lines of the first so many workers. */
    List<String> calls(int workers) {
        List<String> lines = new ArrayList<>();
        for (int worker = 1; worker <= workers; worker++) {
            Path file = callLog(worker);
            if (Files.exists(file)) {
                lines.addAll(read(file).lines().toList());
            }
        }
        return lines;
    }

    void keepLogs(List<String> services, Path target) {
        try {
            Files.createDirectories(target);
            for (String service : services) {
                Path log = home.logs(service + ".log");
                if (Files.exists(log)) {
                    Path copy = target.resolve(service + ".log");
                    Files.copy(log, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new FleetException("logs cannot be kept in " + target, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new FleetException("cannot read " + file, e);
        }
    }
}
