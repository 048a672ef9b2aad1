package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which of a response's input items are asked for.
 *
 * @param after only items behind the one with this id; null for the first
 */
record InputItemQuery(@Nullable String after, int limit, boolean newestFirst) {

    private static final int USUAL_LIMIT = 20;
    private static final int HIGHEST_LIMIT = 100;

    /**
     * @throws OpenAiException if a value is not accepted
     */
    static InputItemQuery read(
            @Nullable String after, @Nullable String limit, @Nullable String order) {
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw ResponseFields.unsupported("order", order, List.of("asc", "desc"));
        }
        return new InputItemQuery(after, limit(limit), !"asc".equals(order));
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= HIGHEST_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw ResponseFields.wrong("limit", "must be a number from 1 to " + HIGHEST_LIMIT);
    }

    /**
     * @param items all of them, oldest first
     * @throws OpenAiException if there is no item {@code after}
     */
    ObjectNode page(List<ObjectNode> items) {
        List<ObjectNode> ordered = newestFirst ? items.reversed() : items;
        int from = after == null ? 0 : place(ordered, after) + 1;
        List<ObjectNode> shown = ordered.subList(from, Math.min(from + limit, ordered.size()));
        ObjectNode page = Json.MAPPER.createObjectNode().put("object", "list");
        page.putArray("data").addAll(shown);
        page.put("first_id", shown.isEmpty() ? null : id(shown.getFirst()));
        page.put("last_id", shown.isEmpty() ? null : id(shown.getLast()));
        return page.put("has_more", from + shown.size() < ordered.size());
    }

    private static int place(List<ObjectNode> items, String after) {
        for (int i = 0; i < items.size(); i++) {
            if (id(items.get(i)).equals(after)) {
                return i;
            }
        }
        throw ResponseFields.wrong("after", "must be the id of an item of this list");
    }

    private static String id(ObjectNode item) {
        return item.path("id").asString("");
    }
}
