package io.llmfleet.system.bench;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and its children have taken so far.
 *
 * @param cpu user and system time
 * @param memoryBytes resident; what several share is counted for each
 */
record Usage(Duration cpu, long memoryBytes) {

    static Usage of(ProcessHandle process) {
        List<ProcessHandle> family =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        Duration cpu =
                family.stream()
                        .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus);
        return new Usage(cpu, family.stream().mapToLong(Usage::resident).sum());
    }

    private static long resident(ProcessHandle process) {
        try {
            Process ps =
                    new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid()))
                            .start();
            String kilobytes =
                    new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) * 1024;
        } catch (IOException e) {
            throw new FleetException("memory cannot be measured without the program ps", e);
        }
    }
}
