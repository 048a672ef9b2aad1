package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.deadletter.LetterFilter;
import io.llmfleet.producer.deadletter.LetterJob;
import io.llmfleet.producer.deadletter.LetterJobs;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks for a decision about many letters. */
@Schema(
        name = "DeadLetterJobRequest",
        requiredProperties = {"kind", "filter"})
record LetterJobRequest(
        @Schema(allowableValues = {"replay", "discard"}) String kind,
        @Schema(
                        description =
                                "As the parameters of the list, such as a group's value; an empty one"
                                        + " means all. Open ones are taken.",
                        example = "{\"code\": \"BACKEND_UNAVAILABLE\"}")
                Map<String, String> filter,
        @Schema(description = "0.01 to 1000.", defaultValue = "50") @Nullable Double perSecond,
        @Schema(description = "Of a discard; 1 to 500 characters.") @Nullable String reason) {

    private static final int LONGEST = 500;

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    static LetterJobs.Order read(byte[] json) {
        RequestFields fields =
                new RequestFields(json, List.of("kind", "filter", "perSecond", "reason"));
        LetterJob.Kind kind = fields.oneOf("kind", LetterJob.Kind.values());
        if (fields.value("filter") == null) {
            fields.error("filter", "is required; an empty object means all open ones");
        }
        JsonNode filter = fields.object("filter");
        double rate =
                fields.number(
                        "perSecond",
                        LetterJobs.USUAL_RATE,
                        LetterJobs.LEAST_RATE,
                        LetterJobs.MOST_RATE);
        String reason = kind == LetterJob.Kind.DISCARD ? fields.required("reason", LONGEST) : null;
        fields.requireValid();
        LetterFilter read = LetterQuery.read(filter);
        return new LetterJobs.Order(
                kind == null ? LetterJob.Kind.REPLAY : kind, read, rate, reason);
    }
}
