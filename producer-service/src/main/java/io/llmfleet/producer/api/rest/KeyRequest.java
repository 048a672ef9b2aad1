package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Names;
import io.llmfleet.producer.access.Role;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Which key to make. */
@Schema(name = "KeyRequest", requiredProperties = "name")
record KeyRequest(
        @Schema(description = "What its owner calls it; 1 to 100 characters.", example = "ci")
                String name,
        @Schema(
                        description =
                                "Whose tasks it may submit and see; the asking key's tenant if it"
                                        + " is left out.",
                        example = "acme")
                String tenant,
        @Schema(defaultValue = "user") Role role) {

    private static final int LONGEST_NAME = 100;
    private static final List<String> FIELDS = List.of("name", "tenant", "role");

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    static KeyRequest read(byte[] json, String ownTenant) {
        JsonNode body = object(json);
        List<FieldError> errors = new ArrayList<>();
        for (String field : body.propertyNames()) {
            if (!FIELDS.contains(field)) {
                errors.add(
                        new FieldError(
                                "/" + field,
                                "unknown field; accepted: " + String.join(", ", FIELDS)));
            }
        }
        String name = text(body, "name", "", errors);
        if (name.isBlank() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            errors.add(
                    new FieldError(
                            "/name",
                            "is required: 1 to " + LONGEST_NAME + " characters, not U+0000"));
        }
        String tenant = text(body, "tenant", ownTenant, errors);
        if (!Names.WORD.matcher(tenant).matches()) {
            errors.add(new FieldError("/tenant", "must match " + Names.WORD.pattern()));
        }
        Role role = role(text(body, "role", Role.USER.wire(), errors), errors);
        if (!errors.isEmpty()) {
            throw BadRequestException.of(errors);
        }
        return new KeyRequest(name, tenant, role);
    }

    private static JsonNode object(byte[] json) {
        JsonNode body;
        try {
            body = Json.tree(json);
        } catch (UnreadableMessageException e) {
            throw BadRequestException.of("body", String.valueOf(e.getMessage()));
        }
        if (!body.isObject()) {
            throw BadRequestException.of(
                    "body", "must be a JSON object with the fields: " + String.join(", ", FIELDS));
        }
        return body;
    }

    private static String text(
            JsonNode body, String field, String fallback, List<FieldError> errors) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return fallback;
        }
        if (!value.isString()) {
            errors.add(new FieldError("/" + field, "must be a string"));
            return fallback;
        }
        return value.stringValue();
    }

    private static Role role(String word, List<FieldError> errors) {
        try {
            return Role.of(word);
        } catch (IllegalArgumentException e) {
            errors.add(new FieldError("/role", "must be one of: admin, user"));
            return Role.USER;
        }
    }
}
