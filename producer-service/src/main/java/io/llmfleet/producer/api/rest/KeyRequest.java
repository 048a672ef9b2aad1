package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Names;
import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

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
        @Schema(defaultValue = "user") Role role,
        @Schema(implementation = LimitsJson.class) KeyLimits limits) {

    private static final int LONGEST_NAME = 100;

    /**
     * @throws BadRequestException naming everything that is wrong
     */
    static KeyRequest read(byte[] json, String ownTenant) {
        RequestFields fields =
                new RequestFields(json, List.of("name", "tenant", "role", LimitFields.FIELD));
        String name = fields.required("name", LONGEST_NAME);
        String tenant = fields.text("tenant", ownTenant);
        if (!Names.WORD.matcher(tenant).matches()) {
            fields.error("tenant", "must match " + Names.WORD.pattern());
        }
        Role role = role(fields);
        KeyLimits limits = LimitFields.read(fields);
        fields.requireValid();
        return new KeyRequest(name, tenant, role, limits);
    }

    private static Role role(RequestFields fields) {
        try {
            return Role.of(fields.text("role", Role.USER.wire()));
        } catch (IllegalArgumentException e) {
            fields.error("role", "must be one of: admin, user");
            return Role.USER;
        }
    }
}
