package io.llmfleet.producer.limit;

import io.llmfleet.producer.task.NewTask;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Estimates the tokens of a task before it runs: a fourth of its bytes, and as many as its answer
 * may have where it says so.
 */
final class TokenEstimate {

    private static final int BYTES_PER_TOKEN = 4;

    /** What OpenAI's chat, completion and response bodies call it. */
    private static final List<String> ANSWER =
            List.of("max_completion_tokens", "max_output_tokens", "max_tokens");

    private TokenEstimate() {}

    /** At least 1. */
    static long of(NewTask task, int bytes) {
        long answers = Math.max(1, Math.min(128, number(task.input(), "n")));
        long answer = answer(task.input());
        if (answer == 0 && task.parameters() != null) {
            answer = answer(task.parameters());
        }
        return 1 + bytes / BYTES_PER_TOKEN + answers * answer;
    }

    private static long answer(JsonNode body) {
        return ANSWER.stream()
                .mapToLong(field -> number(body, field))
                .filter(n -> n > 0)
                .findFirst()
                .orElse(0);
    }

    /** Whatever is no sensible count is taken for none; the backend will say so. */
    private static long number(JsonNode body, String field) {
        JsonNode value = body.path(field);
        return value.isIntegralNumber() && value.canConvertToInt()
                ? Math.max(0, value.intValue())
                : 0;
    }
}
