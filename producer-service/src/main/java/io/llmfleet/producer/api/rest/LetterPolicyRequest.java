package io.llmfleet.producer.api.rest;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.deadletter.LetterJobs;
import io.llmfleet.producer.deadletter.LetterPolicies;
import io.llmfleet.producer.deadletter.LetterPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for replays without a person. */
@Schema(
        name = "DeadLetterPolicyRequest",
        requiredProperties = {"code", "when"})
record LetterPolicyRequest(
        FailureCode code,
        @Schema(description = "Only of this type.") @Nullable String type,
        @Schema(description = "Only of tasks that named this target.") @Nullable String target,
        @Schema(allowableValues = {"delay", "breaker-closed"}) String when,
        @Schema(
                        description =
                                "ISO 8601: since the failure (required), or since the breaker closed; 5"
                                        + " days at most.",
                        example = "PT10M")
                @Nullable String delay,
        @Schema(
                        description = "Of one task, by policies; 1 to 10. Then a person decides.",
                        defaultValue = "3")
                @Nullable Integer maxReplays,
        @Schema(description = "0.01 to 1000.", defaultValue = "10") @Nullable Double perSecond) {

    private static final List<String> FIELDS =
            List.of("code", "type", "target", "when", "delay", "maxReplays", "perSecond");

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    static LetterPolicies.Order read(byte[] json) {
        RequestFields fields = new RequestFields(json, FIELDS);
        Optional<FailureCode> code = code(fields);
        LetterPolicy.When when = fields.oneOf("when", LetterPolicy.When.values());
        String type = fields.text("type", "");
        String target = fields.text("target", "");
        Duration delay = delay(fields, when);
        double most =
                fields.number(
                        "maxReplays", LetterPolicies.USUAL_REPLAYS, 1, LetterPolicy.MOST_REPLAYS);
        double rate =
                fields.number(
                        "perSecond",
                        LetterPolicies.USUAL_RATE,
                        LetterJobs.LEAST_RATE,
                        LetterJobs.MOST_RATE);
        fields.requireValid();
        return new LetterPolicies.Order(
                code.orElseThrow(),
                type.isEmpty() ? null : type,
                target.isEmpty() ? null : target,
                when == null ? LetterPolicy.When.DELAY : when,
                delay,
                (int) most,
                rate);
    }

    private static Optional<FailureCode> code(RequestFields fields) {
        String text = fields.text("code", "");
        Optional<FailureCode> code =
                Arrays.stream(FailureCode.values()).filter(c -> c.name().equals(text)).findFirst();
        if (code.isEmpty()) {
            fields.error("code", "must be one of: " + Arrays.toString(FailureCode.values()));
        }
        return code;
    }

    private static Duration delay(RequestFields fields, LetterPolicy.@Nullable When when) {
        String text = fields.text("delay", when == LetterPolicy.When.DELAY ? "" : "PT0S");
        Duration delay = Duration.ZERO.minusSeconds(1);
        try {
            delay = Duration.parse(text);
        } catch (DateTimeException e) {
            // Less than nothing is refused below, with the same message.
        }
        if (delay.isNegative() || delay.compareTo(LetterPolicy.LONGEST_DELAY) > 0) {
            fields.error("delay", "must be an ISO 8601 duration such as PT10M, 5 days at most");
        }
        return delay;
    }
}
