package io.llmfleet.wire;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} of W3C Trace Context, level 1: {@code 00-<32 hex>-<16 hex>-<2 hex>}. */
public final class TraceParent {

    private static final Pattern VALID =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** The given value where it is valid, else the start of a new trace that is not sampled. */
    public static String orNew(@Nullable String value) {
        return value != null && VALID.matcher(value).matches() ? value : create();
    }

    /** The 32 hexadecimal digits of the trace. */
    public static String traceId(String traceParent) {
        return traceParent.substring(3, 35);
    }

    /** The 16 hexadecimal digits of the step in the trace. */
    public static String spanId(String traceParent) {
        return traceParent.substring(36, 52);
    }

    /** Whether whoever began the trace wants it to be recorded. */
    public static boolean isSampled(String traceParent) {
        return (Character.digit(traceParent.charAt(54), 16) & 1) == 1;
    }

    /**
     * @param flags two hexadecimal digits
     */
    public static String of(String traceId, String spanId, String flags) {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static String create() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return "00-"
                + hex.toHexDigits(random.nextLong())
                + hex.toHexDigits(random.nextLong() | 1)
                + "-"
                + hex.toHexDigits(random.nextLong() | 1)
                + "-00";
    }
}
