package io.llmfleet.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the ends of log files. */
public final class LogFiles {

    private static final int TAIL = 64_000;
    private static final int REASON_LINES = 200;
    private static final int LONGEST_REASON = 250;

    /** How RabbitMQ begins a line of its log: time, level and Erlang process. */
    private static final Pattern LOG_PREFIX = Pattern.compile("^\\S+ \\S+ \\[\\w+] <[\\d.]+>\\s*");

    private LogFiles() {}

    /** Why a process ended, as far as its log tells: the root cause, or its last words. */
    static String reason(Path log) {
        List<String> lines =
                lastLines(log, REASON_LINES).stream()
                        .flatMap(EcsLines::readable)
                        .map(String::strip)
                        .toList();
        List<String> messages =
                lines.stream().map(l -> LOG_PREFIX.matcher(l).replaceFirst("")).toList();
        int failedBoot = messages.lastIndexOf("BOOT FAILED");
        if (failedBoot >= 0) {
            return ofBroker(messages.subList(failedBoot + 1, messages.size()));
        }
        return lines.reversed().stream()
                .filter(l -> l.startsWith("Caused by: ") || l.startsWith("Reason: "))
                .map(l -> l.substring(l.indexOf(": ") + 2))
                .findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getLast());
    }

    /**
     * RabbitMQ ends with its reason in several lines, and with where it put its crash dump. It says
     * the reason twice, plainly and as a part of its log, in either order.
     */
    private static String ofBroker(List<String> lines) {
        String reason =
                lines.stream()
                        .filter(l -> !l.isEmpty())
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
