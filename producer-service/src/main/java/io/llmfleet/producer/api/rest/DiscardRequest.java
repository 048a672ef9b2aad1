package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Why a dead letter is discarded. */
@Schema(name = "DiscardRequest", requiredProperties = "reason")
record DiscardRequest(
        @Schema(
                        description = "Kept with the letter; 1 to 500 characters.",
                        example = "the customer asked again")
                String reason) {

    private static final int LONGEST = 500;

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    static DiscardRequest read(byte[] json) {
        RequestFields fields = new RequestFields(json, List.of("reason"));
        DiscardRequest request = new DiscardRequest(fields.required("reason", LONGEST));
        fields.requireValid();
        return request;
    }
}
