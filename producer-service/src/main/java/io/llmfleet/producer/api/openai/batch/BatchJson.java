package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.job.Job;
import io.llmfleet.producer.job.JobError;
import io.llmfleet.producer.job.JobState;
import io.llmfleet.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes batches as OpenAI does; what is not known yet is null. */
final class BatchJson {

    private static final List<JobState> TIMED =
            List.of(
                    JobState.IN_PROGRESS,
                    JobState.FINALIZING,
                    JobState.COMPLETED,
                    JobState.FAILED,
                    JobState.EXPIRED,
                    JobState.CANCELLING,
                    JobState.CANCELLED);

    private BatchJson() {}

    static ObjectNode of(Job job) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", WireId.BATCH.of(job.id())).put("object", "batch");
        json.put("endpoint", job.endpoint());
        if (job.errors().isEmpty()) {
            json.putNull("errors");
        } else {
            json.putObject("errors").put("object", "list").set("data", errors(job.errors()));
        }
        json.put("input_file_id", WireId.FILE.of(job.inputFile()));
        json.put("completion_window", job.window()).put("status", job.state().word());
        json.put("output_file_id", file(job.outputFile()));
        json.put("error_file_id", file(job.counts().failed() > 0 ? job.errorFile() : null));
        json.put("created_at", job.createdAt().getEpochSecond());
        json.put("expires_at", job.expiresAt().getEpochSecond());
        for (JobState state : TIMED) {
            Instant at = job.reached().get(state);
            json.put(state.word() + "_at", at == null ? null : at.getEpochSecond());
        }
        json.putObject("request_counts")
                .put("total", job.counts().total())
                .put("completed", job.counts().completed())
                .put("failed", job.counts().failed());
        json.set("metadata", job.metadata().isEmpty() ? null : metadata(job));
        return json;
    }

    private static ObjectNode metadata(Job job) {
        ObjectNode metadata = Json.MAPPER.createObjectNode();
        job.metadata().forEach(metadata::put);
        return metadata;
    }

    private static @Nullable String file(@Nullable UUID id) {
        return id == null ? null : WireId.FILE.of(id);
    }

    private static ArrayNode errors(List<JobError> errors) {
        ArrayNode data = Json.MAPPER.createArrayNode();
        for (JobError error : errors) {
            data.addObject()
                    .put("code", error.code())
                    .put("line", error.line())
                    .put("message", error.message())
                    .put("param", error.param());
        }
        return data;
    }
}
