package io.llmfleet.producer.api.openai;

import io.llmfleet.wire.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads {@code x-fleet-delegation} into the field of a task; what is wrong the field's check says.
 */
final class DelegationHeader {

    private static final String ON = "on";

    private DelegationHeader() {}

    static ObjectNode read(String header) {
        ObjectNode limits = Json.MAPPER.createObjectNode();
        if (header.isBlank() || header.strip().equalsIgnoreCase(ON)) {
            return limits;
        }
        for (String part : header.split(",")) {
            String[] pair = part.split("=", 2);
            String value = pair.length < 2 ? "" : pair[1].strip();
            if (value.matches("[0-9]{1,15}")) {
                limits.put(pair[0].strip(), Long.parseLong(value));
            } else {
                limits.put(pair[0].strip(), value);
            }
        }
        return limits;
    }
}
