package io.llmfleet.worker.backend;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The backends of a worker. Without any, and without {@code builtin.enabled}, the built-in engine
 * alone works.
 *
 * @param backends OpenAI-compatible endpoints
 * @param llm one endpoint for short: the variables {@code LLM_BASE_URL}, {@code LLM_API_KEY},
 *     {@code LLM_MODEL}
 * @param breaker when a backend counts as down
 */
@ConfigurationProperties("fleet")
public record BackendProperties(
        @DefaultValue List<Endpoint> backends,
        @DefaultValue Llm llm,
        @DefaultValue Builtin builtin,
        @DefaultValue Instant instant,
        @DefaultValue Breaker breaker) {

    /**
     * An OpenAI-compatible endpoint.
     *
     * @param baseUrl up to and with {@code /v1}
     * @param models the first is used where a task names none
     * @param fallbacks for a model, one of {@code models}, the one that the same worker tries next
     *     after a retryable failure
     * @param prices {@code <model>.input} and {@code <model>.output} of {@code models}, for a
     *     million tokens
     * @param connectLimit until the connection is there
     * @param firstByteLimit until the answer begins
     * @param types what it is asked for; every type where it is left out
     * @param maxResponse how large an answer may be
     */
    public record Endpoint(
            String name,
            URI baseUrl,
            @Nullable String apiKey,
            List<String> models,
            @DefaultValue Map<String, String> fallbacks,
            @DefaultValue Map<String, String> prices,
            @DefaultValue("5s") Duration connectLimit,
            @DefaultValue("5m") Duration firstByteLimit,
            @DefaultValue Set<String> types,
            @DefaultValue("16MB") DataSize maxResponse) {

        private static final String INPUT = ".input";
        private static final String OUTPUT = ".output";

        public Endpoint {
            if (name == null || baseUrl == null || models == null || models.isEmpty()) {
                throw new IllegalArgumentException(
                        "fleet.backends: each needs name, base-url and models, this one has name "
                                + name
                                + ", base-url "
                                + baseUrl
                                + ", models "
                                + models);
            }
            if (!Set.of("http", "https").contains(String.valueOf(baseUrl.getScheme()))) {
                throw new IllegalArgumentException(
                        "fleet.backends: base-url of "
                                + name
                                + " is "
                                + baseUrl
                                + ", accepted: http and https URLs");
            }
            require("fallbacks", fallbacks.keySet(), name, models);
            List<String> priced =
                    models.stream().flatMap(m -> Stream.of(m + INPUT, m + OUTPUT)).toList();
            require("prices", prices.keySet(), name, priced);
            prices.values().forEach(Endpoint::amount);
        }

        private static void require(
                String property, Set<String> keys, String name, List<String> accepted) {
            for (String key : keys) {
                if (!accepted.contains(key)) {
                    throw new IllegalArgumentException(
                            "fleet.backends: "
                                    + property
                                    + " of "
                                    + name
                                    + " has '"
                                    + key
                                    + "', accepted: "
                                    + accepted
                                    + "; a key with other characters than letters, digits, dots and"
                                    + " hyphens is written \"[key]\"");
                }
            }
        }

        /** Of a model; null where none is set. */
        @Nullable Price price(String model) {
            String input = prices.get(model + INPUT);
            String output = prices.get(model + OUTPUT);
            return input == null && output == null
                    ? null
                    : new Price(
                            amount(Objects.requireNonNullElse(input, "0")),
                            amount(Objects.requireNonNullElse(output, "0")));
        }

        private static BigDecimal amount(String price) {
            try {
                return new BigDecimal(price);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "fleet.backends: a price is '" + price + "', accepted: a number");
            }
        }
    }

    /** For a million tokens. */
    public record Price(BigDecimal input, BigDecimal output) {}

    /** One endpoint for short. */
    public record Llm(@Nullable String baseUrl, @Nullable String apiKey, @Nullable String model) {}

    /**
     * @param enabled works beside other backends; alone it works without being enabled
     * @param threads of the encoder
     */
    public record Builtin(@DefaultValue("false") boolean enabled, @DefaultValue("1") int threads) {}

    /**
     * A backend for load tests, which answers {@code chat} and {@code generate} at once with what
     * it was asked.
     *
     * @param latency how long it takes for an answer
     * @param deltas in how many pieces it gives an answer that is asked for in pieces
     * @param callLog a file that gets a line {@code <task id> <epoch> <attempt>} for each call
     */
    public record Instant(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("0s") Duration latency,
            @DefaultValue("0") int deltas,
            @Nullable String callLog) {}

    /**
     * @param calls how many calls are looked at
     * @param failureRate percentage of them that opens the breaker
     * @param probeInterval how long it stays open before one task is tried
     */
    public record Breaker(
            @DefaultValue("10") int calls,
            @DefaultValue("60") float failureRate,
            @DefaultValue("10s") Duration probeInterval) {}
}
