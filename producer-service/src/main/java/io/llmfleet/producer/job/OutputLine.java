package io.llmfleet.producer.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A line of an output or error file, as OpenAI writes it.
 *
 * @param response null if the request was not run
 * @param error null if it was
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({"id", "custom_id", "response", "error"})
record OutputLine(
        String id,
        @JsonProperty("custom_id") String customId,
        @Nullable Response response,
        @Nullable Error error) {

    /**
     * @param requestId the task's id; where there is none, that of the line
     */
    @JsonPropertyOrder({"status_code", "request_id", "body"})
    record Response(
            @JsonProperty("status_code") int status,
            @JsonProperty("request_id") String requestId,
            JsonNode body) {}

    record Error(String code, String message) {}

    static OutputLine answered(Job job, JobLine line, BatchApi.Response response) {
        String id = id(job, line);
        UUID task = line.task();
        return new OutputLine(
                id,
                line.customId(),
                new Response(
                        response.status(), task == null ? id : task.toString(), response.body()),
                null);
    }

    /**
     * @param why EXPIRED or CANCELLED
     */
    static OutputLine neverRun(Job job, JobLine line, JobState why) {
        String reason =
                why == JobState.CANCELLED
                        ? "the batch was cancelled."
                        : "the completion window expired.";
        return new OutputLine(
                id(job, line),
                line.customId(),
                null,
                new Error(
                        "batch_" + why.word(),
                        "This request could not be executed before " + reason));
    }

    private static String id(Job job, JobLine line) {
        return "batch_req_" + job.id().toString().replace("-", "") + "_" + line.number();
    }
}
