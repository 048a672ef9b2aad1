package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.cli.local.EcsLines;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.LogFiles;
import io.llmfleet.cli.local.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the ends of the local fleet's logs. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Show the last lines of the logs.")
public final class LogsCommand implements Runnable {

    private static final long POLL_MS = 300;
    private static final int LONGEST_LINE = 1_000_000;

    @Mixin Session session = new Session();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "producer, router, worker, broker or database; all if left out.")
    String service = "";

    @Option(names = "-f", description = "Go on as lines come, until interrupted.")
    boolean follow;

    @Option(names = "-n", defaultValue = "30", description = "Lines of each (${DEFAULT-VALUE}).")
    int lines;

    @Override
    public void run() {
        Map<String, Path> logs = logs(session.home());
        if (!service.isEmpty() && !logs.containsKey(service)) {
            throw new FleetException(
                    FleetException.USAGE,
                    "there is no log of '"
                            + service
                            + "', accepted: "
                            + String.join(", ", logs.keySet()),
                    null);
        }
        if (!service.isEmpty()) {
            logs.keySet().retainAll(java.util.Set.of(service));
        }
        Map<Path, Long> ends = new LinkedHashMap<>();
        logs.forEach(
                (name, log) -> {
                    ends.put(log, log.toFile().length());
                    if (logs.size() > 1) {
                        session.out().println("== " + name + " (" + log + ")");
                    }
                    EcsLines.readable(LogFiles.lastLines(log, lines))
                            .forEach(session.out()::println);
                });
        if (follow) {
            follow(ends);
        }
    }

    private static Map<String, Path> logs(FleetHome home) {
        Map<String, Path> logs = new LinkedHashMap<>();
        Arrays.stream(Service.values()).forEach(s -> logs.put(s.word(), home.service(s, 1).log()));
        logs.put("broker", home.folder().resolve("broker/log/node.out"));
        logs.put("database", home.folder().resolve("database/postgres.log"));
        return logs;
    }

    private void follow(Map<Path, Long> ends) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                for (Map.Entry<Path, Long> end : ends.entrySet()) {
                    end.setValue(print(end.getKey(), end.getValue(), session.out()));
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new FleetException("cannot read a log: " + e.getMessage(), e);
        }
    }

    /** What stands behind is not written to its end yet. */
    private static int endOfLastLine(byte[] text) {
        for (int i = text.length; i > 0; i--) {
            if (text[i - 1] == '\n') {
                return i;
            }
        }
        return text.length == LONGEST_LINE ? text.length : 0;
    }

    /** A file that is shorter than it was has been rotated: it is read from its start. */
    private static long print(Path log, long from, PrintWriter out) throws IOException {
        long length = Files.exists(log) ? Files.size(log) : 0;
        if (length == from) {
            return from;
        }
        long start = length < from ? 0 : from;
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] more = new byte[(int) Math.min(length - start, LONGEST_LINE)];
            file.seek(start);
            file.readFully(more);
            int whole = endOfLastLine(more);
            new String(more, 0, whole, StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(EcsLines::readable)
                    .forEach(out::println);
            out.flush();
            return start + whole;
        }
    }
}
