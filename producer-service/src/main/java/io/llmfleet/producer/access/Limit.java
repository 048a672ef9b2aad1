package io.llmfleet.producer.access;

import io.llmfleet.model.Defaults;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be limited for a key, and which values are accepted. */
public enum Limit {
    /** HTTP requests within a minute, or messages of an AMQP client. */
    REQUESTS_PER_MINUTE("requestsPerMinute", "1", "1000000000"),
    /** Tokens of prompts and answers within a minute. */
    TOKENS_PER_MINUTE("tokensPerMinute", "1", "1000000000000"),
    /** Tasks that are not final. */
    QUEUED_TASKS("queuedTasks", "1", "1000000000"),
    /** Tokens that were used on a day (UTC). */
    TOKENS_PER_DAY("tokensPerDay", "1", "1000000000000000"),
    /** Money that was spent on a day (UTC), in the currency of the price lists. */
    COST_PER_DAY("costPerDay", "0.000001", "1000000000"),
    /** Bytes of a request's body, or of a line of many. */
    BODY_SIZE("bodySize", "256", String.valueOf(Defaults.MAX_REQUEST_BYTES)),
    /** Levels of nested JSON. */
    JSON_DEPTH("jsonDepth", "4", String.valueOf(Defaults.MAX_JSON_DEPTH));

    private final String wire;
    private final BigDecimal least;
    private final BigDecimal most;

    Limit(String wire, String least, String most) {
        this.wire = wire;
        this.least = new BigDecimal(least);
        this.most = new BigDecimal(most);
    }

    /** The name in JSON. */
    public String wire() {
        return wire;
    }

    /** The name of the property that sets the default. */
    public String property() {
        return "fleet.limits." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean accepts(BigDecimal value) {
        boolean inRange = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        boolean fits = this == COST_PER_DAY || value.stripTrailingZeros().scale() <= 0;
        return inRange && fits;
    }

    /** The values that are accepted. */
    public String accepted() {
        String kind = this == COST_PER_DAY ? "a number" : "a whole number";
        return kind + " from " + least.toPlainString() + " to " + most.toPlainString();
    }

    static Optional<Limit> ofWire(String name) {
        return Arrays.stream(values()).filter(l -> l.wire.equals(name)).findFirst();
    }

    /** All names in JSON, with commas. */
    public static String names() {
        return Arrays.stream(values()).map(Limit::wire).collect(Collectors.joining(", "));
    }
}
