package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.StorableJson;
import io.llmfleet.wire.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what a waiting step is given. */
final class RunInput {

    private RunInput() {}

    /**
     * @throws BadRequestException saying why it is no JSON that can be stored
     */
    static JsonNode read(byte[] body) {
        try {
            JsonNode input = Json.MAPPER.readTree(body);
            if (input == null || input.isMissingNode()) {
                throw BadRequestException.of("body", "is empty; accepted: any JSON");
            }
            Optional<FieldError> unstorable = StorableJson.firstError(input);
            if (unstorable.isPresent()) {
                throw BadRequestException.of(List.of(unstorable.get()));
            }
            return input;
        } catch (JacksonException e) {
            throw BadRequestException.of("body", "is not valid JSON: " + Json.reason(e));
        }
    }
}
