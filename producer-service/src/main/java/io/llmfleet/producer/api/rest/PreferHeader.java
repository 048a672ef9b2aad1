package io.llmfleet.producer.api.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a caller would wait from {@code Prefer: wait=30} (RFC 7240); what is not
 * understood is ignored, as that RFC has it.
 */
final class PreferHeader {

    /** Longer waits are cut to this. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Pattern WAIT =
            Pattern.compile(
                    "(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])",
                    Pattern.CASE_INSENSITIVE);

    private PreferHeader() {}

    /** The wait, or nothing if there is none. */
    static Optional<Duration> waitOf(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = WAIT.matcher(header);
        if (!matcher.find()) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
        return asked.isZero()
                ? Optional.empty()
                : Optional.of(asked.compareTo(LONGEST) > 0 ? LONGEST : asked);
    }

    /** What to answer in {@code Preference-Applied}. */
    static String applied(Duration wait) {
        return "wait=" + wait.toSeconds();
    }
}
