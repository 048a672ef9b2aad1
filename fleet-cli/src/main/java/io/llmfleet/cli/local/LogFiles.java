package io.llmfleet.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the ends of log files. */
public final class LogFiles {

    private static final int TAIL = 64_000;
    private static final int REASON_LINES = 200;
    private static final int LONGEST_REASON = 250;

    private LogFiles() {}

    /** Why a process ended, as far as its log tells: the root cause, or its last words. */
    static String reason(Path log) {
        List<String> lines = lastLines(log, REASON_LINES).stream().map(String::strip).toList();
        int failedBoot = lines.lastIndexOf("BOOT FAILED");
        if (failedBoot >= 0) {
            return ofBroker(lines.subList(failedBoot + 1, lines.size()));
        }
        return lines.reversed().stream()
                .filter(l -> l.startsWith("Caused by: ") || l.startsWith("Reason: "))
                .map(l -> l.substring(l.indexOf(": ") + 2))
                .findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getLast());
    }

    /** RabbitMQ ends with its reason in several lines, and with where it put its crash dump. */
    private static String ofBroker(List<String> lines) {
        String reason =
                lines.stream()
                        .dropWhile(l -> l.startsWith("="))
                        .takeWhile(l -> !l.startsWith("{\"Kernel pid"))
                        .collect(Collectors.joining(" "));
        return reason.length() > LONGEST_REASON
                ? reason.substring(0, LONGEST_REASON) + "..."
                : reason;
    }

    /** Whether anything was written to it since then. */
    static boolean writtenSince(Path log, Instant time) {
        return log.toFile().lastModified() >= time.toEpochMilli();
    }

    /** Up to {@code count} of the last lines that are not blank, oldest first. */
    public static List<String> lastLines(Path log, int count) {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            List<String> lines =
                    new String(tail, StandardCharsets.UTF_8)
                            .lines()
                            .filter(l -> !l.isBlank())
                            .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            throw PrivateFiles.cannot("read", log, e);
        }
    }
}
