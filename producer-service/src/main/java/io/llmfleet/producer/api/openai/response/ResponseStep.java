package io.llmfleet.producer.api.openai.response;

import tools.jackson.databind.node.ObjectNode;

/**
 * An event of a response's stream, without its number.
 *
 * @param mark what it adds to what was told: the text of a delta; of every other event something
 *     that is the same only for the same event
 */
record ResponseStep(ObjectNode event, String mark) {

    /** Whether it can be told in parts. */
    boolean isDelta() {
        return event.has("delta");
    }

    /** A delta without what was told of it. */
    ResponseStep from(int told) {
        String rest = mark.substring(told);
        return new ResponseStep(event.deepCopy().put("delta", rest), rest);
    }
}
