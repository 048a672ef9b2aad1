package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.task.Turns;
import io.llmfleet.producer.task.Turns.Place;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list. */
@Schema(description = "Conversations, those with the latest turn first.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConversationPage(
        List<ConversationJson> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable String next) {

    private static final char BETWEEN = ' ';

    static ConversationPage of(List<Turns.Listed> listed, int limit) {
        return new ConversationPage(
                listed.stream().map(c -> ConversationJson.of(c.conversation(), c.state())).toList(),
                listed.size() < limit ? null : next(listed.getLast()));
    }

    private static String next(Turns.Listed last) {
        String place = last.state().updatedAt() + " " + last.conversation();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the page before ended; null for the first page, or if it is wrong. */
    static @Nullable Place after(QueryParameters query) {
        String value = query.text("after");
        if (value == null) {
            return null;
        }
        try {
            String place = new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
            int end = Math.max(0, place.indexOf(BETWEEN));
            return new Place(Instant.parse(place.substring(0, end)), place.substring(end + 1));
        } catch (IllegalArgumentException | DateTimeException e) {
            query.error(
                    "after",
                    "is no place in a list; accepted: the value of next of the page before");
            return null;
        }
    }
}
