package io.llmfleet.worker.builtin;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A chat as the engine understands it.
 *
 * @param question what is wanted: the last sentence of the user, or the one that ends with a
 *     question mark
 * @param context everything else that was said, to answer from
 */
record ChatText(String question, String context) {

    static ChatText of(JsonNode input) {
        if (!input.has("messages")) {
            return split(input.get("text").asString(), "");
        }
        List<String> before = new ArrayList<>();
        String last = "";
        for (JsonNode message : input.get("messages")) {
            if (!last.isEmpty()) {
                before.add(last);
            }
            last = text(message.path("content"));
        }
        return split(last, String.join("\n\n", before));
    }

    /** Takes the question out of a text; the rest of it belongs to what may be answered from. */
    static ChatText split(String text, String before) {
        List<String> sentences = new ArrayList<>(Sentences.of(text));
        if (sentences.isEmpty()) {
            return new ChatText(text, before);
        }
        int question = sentences.size() - 1;
        for (int i = 0; i < sentences.size(); i++) {
            if (sentences.get(i).endsWith("?")) {
                question = i;
            }
        }
        String asked = sentences.remove(question);
        return new ChatText(asked, (before + "\n\n" + String.join(" ", sentences)).strip());
    }

    /** A content is a text, or a list of parts of which some are texts. */
    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.path("text").isString()) {
                parts.add(part.get("text").asString());
            }
        }
        return String.join(" ", parts);
    }
}
