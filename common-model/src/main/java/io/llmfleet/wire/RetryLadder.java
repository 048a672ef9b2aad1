package io.llmfleet.wire;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The delays that a retry can have: each is a queue with a fixed time to live.
 *
 * @param levels shortest first, at least one
 */
public record RetryLadder(List<Level> levels) {

    /**
     * A delay and the name that it has in its exchange and its queue: {@code 5s}, {@code 2m},
     * {@code 500ms}.
     */
    public record Level(String name, Duration delay) {}

    public static final RetryLadder DEFAULT = parse("5s,30s,2m,10m,1h");

    public RetryLadder {
        if (levels.isEmpty()) {
            throw new IllegalArgumentException(
                    "the retry ladder needs at least one level, such as 5s");
        }
        levels = levels.stream().sorted(Comparator.comparing(Level::delay)).toList();
    }

    /**
     * @param text levels by comma, each a whole number with {@code ms}, {@code s}, {@code m} or
     *     {@code h}
     */
    public static RetryLadder parse(String text) {
        return new RetryLadder(
                List.of(text.split(",")).stream()
                        .map(String::trim)
                        .map(s -> new Level(s, delay(s)))
                        .toList());
    }

    private static Duration delay(String level) {
        String iso = level.toUpperCase(Locale.ROOT);
        if (!level.matches("[1-9][0-9]{0,6}(ms|s|m|h)")) {
            throw new IllegalArgumentException(
                    "retry level '"
                            + level
                            + "' is not a whole number with ms, s, m or h, such as 30s");
        }
        return iso.endsWith("MS")
                ? Duration.ofMillis(Long.parseLong(iso.substring(0, iso.length() - 2)))
                : Duration.parse("PT" + iso);
    }

    public Level shortest() {
        return levels.getFirst();
    }

    /** The shortest level that is no shorter than {@code wanted}, or the longest there is. */
    public Level atOrAbove(Duration wanted) {
        return levels.stream()
                .filter(l -> l.delay().compareTo(wanted) >= 0)
                .findFirst()
                .orElse(levels.getLast());
    }

    /**
     * The level for the wait after attempt {@code attempt} (counted from 1): one rung higher each
     * time.
     */
    public Level after(int attempt) {
        return levels.get(Math.clamp(attempt - 1L, 0, levels.size() - 1));
    }
}
