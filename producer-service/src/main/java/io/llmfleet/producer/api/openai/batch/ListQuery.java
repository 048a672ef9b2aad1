package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which page of a list is asked for.
 *
 * @param after the last one of the page before
 */
record ListQuery(@Nullable UUID after, int limit, boolean newestFirst) {

    /**
     * @param kind of what is listed
     * @throws OpenAiException naming the parameter that is wrong
     */
    static ListQuery read(HttpServletRequest request, WireId kind, int defaultLimit, int most) {
        return new ListQuery(
                after(request.getParameter("after"), kind),
                limit(request.getParameter("limit"), defaultLimit, most),
                newestFirst(request.getParameter("order")));
    }

    private static @Nullable UUID after(@Nullable String text, WireId kind) {
        return text == null || text.isEmpty()
                ? null
                : kind.read(text)
                        .orElseThrow(
                                () ->
                                        OpenAiException.invalid(
                                                "after",
                                                null,
                                                "after: accepted: the last_id of the page before"));
    }

    private static int limit(@Nullable String text, int defaultLimit, int most) {
        if (text == null) {
            return defaultLimit;
        }
        int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > most) {
            throw OpenAiException.invalid("limit", null, "limit: accepted: 1 to " + most);
        }
        return limit;
    }

    private static boolean newestFirst(@Nullable String order) {
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw OpenAiException.invalid("order", null, "order: accepted: asc, desc");
        }
        return !"asc".equals(order);
    }

    /** One more than fits on the page, to see whether there is another page. */
    int fetch() {
        return limit + 1;
    }

    /**
     * The page.
     *
     * @param fetched up to {@link #fetch()} of them
     */
    <T> ObjectNode page(List<T> fetched, Function<T, ObjectNode> json) {
        List<T> shown = fetched.subList(0, Math.min(limit, fetched.size()));
        ObjectNode page = Json.MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = page.putArray("data");
        shown.forEach(one -> data.add(json.apply(one)));
        page.set("first_id", data.isEmpty() ? page.nullNode() : data.get(0).get("id"));
        page.set("last_id", data.isEmpty() ? page.nullNode() : data.get(data.size() - 1).get("id"));
        return page.put("has_more", fetched.size() > limit);
    }
}
