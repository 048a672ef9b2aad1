package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A piece of a task's output as it is made; a message on the delta stream is a JSON array of them,
 * all of one type.
 *
 * <p>A delta with neither text nor choices says that the attempt's output starts anew, because
 * another model took over: what was said before is void.
 *
 * @param seq number within the attempt, counted from 1 without gaps
 * @param text what the answer goes on with
 * @param choices in place of a text, the {@code choices} of an OpenAI chat completion chunk: tool
 *     calls, refusals, further choices
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delta(
        UUID taskId,
        int epoch,
        int attempt,
        int seq,
        @Nullable String text,
        @Nullable JsonNode choices) {

    /** Whether the output starts anew. */
    @JsonIgnore
    public boolean restart() {
        return text == null && choices == null;
    }
}
