package io.llmfleet.producer.api;

import io.llmfleet.producer.limit.Rates;
import io.llmfleet.producer.limit.Window;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes what is left of the limits per minute into headers, as OpenAI does. */
final class RateHeaders {

    private static final String PREFIX = "x-ratelimit-";

    private RateHeaders() {}

    static void write(HttpServletResponse response, Rates rates) {
        write(response, "requests", rates.requests());
        write(response, "tokens", rates.tokens());
    }

    static void write(HttpServletResponse response, String kind, @Nullable Window window) {
        if (window != null) {
            response.setHeader(PREFIX + "limit-" + kind, Long.toString(window.limit()));
            response.setHeader(PREFIX + "remaining-" + kind, Long.toString(window.remaining()));
            response.setHeader(PREFIX + "reset-" + kind, duration(window.reset()));
        }
    }

    /** Such as {@code 20ms}, {@code 1.5s} or {@code 6m0s}. */
    static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis == 0) {
            return "0s";
        }
        if (millis < 1_000) {
            return millis + "ms";
        }
        String seconds =
                new BigDecimal(millis % 60_000)
                        .movePointLeft(3)
                        .stripTrailingZeros()
                        .toPlainString();
        long minutes = millis / 60_000;
        if (minutes == 0) {
            return seconds + "s";
        }
        String hours = minutes >= 60 ? minutes / 60 + "h" : "";
        return hours + minutes % 60 + "m" + seconds + "s";
    }
}
