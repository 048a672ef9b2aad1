package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.api.openai.BatchEndpoint;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.job.BatchApi;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Reads and answers lines of batches as the endpoint would that they name. */
@Component
class BatchLines implements BatchApi {

    private final List<BatchEndpoint> endpoints;
    private final OpenAiTasks tasks;

    BatchLines(List<BatchEndpoint> endpoints, OpenAiTasks tasks) {
        // In one order, whatever package each is found in: callers are told of them.
        this.endpoints =
                endpoints.stream().sorted(Comparator.comparing(BatchEndpoint::url)).toList();
        this.tasks = tasks;
    }

    List<String> urls() {
        return endpoints.stream().map(BatchEndpoint::url).toList();
    }

    @Override
    public Line read(String endpoint, ObjectNode body, TaskOrigin origin, Instant deadline) {
        try {
            BatchEndpoint.Asked asked = endpoint(endpoint).ask(body);
            NewTask task = tasks.of(asked, origin, deadline);
            endpoint(endpoint).keep(task, body);
            return new Line.Accepted(task, asked.note());
        } catch (OpenAiException e) {
            return new Line.Refused(response(e));
        }
    }

    @Override
    public Response respond(String endpoint, TaskView done, @Nullable String note) {
        try {
            TaskView succeeded = OpenAiTasks.requireSucceeded(done);
            return new Response(HttpStatus.OK.value(), endpoint(endpoint).answer(succeeded, note));
        } catch (OpenAiException e) {
            return response(e);
        }
    }

    @Override
    public Response internalError() {
        return response(OpenAiException.unexpected());
    }

    @Override
    public String event(String type, UUID job, Instant at) {
        ObjectNode event = Json.MAPPER.createObjectNode();
        event.put("id", WireId.EVENT.of(UUID.randomUUID())).put("object", "event");
        event.put("created_at", at.getEpochSecond()).put("type", type);
        event.putObject("data").put("id", WireId.BATCH.of(job));
        return event.toString();
    }

    private BatchEndpoint endpoint(String url) {
        Optional<BatchEndpoint> known =
                endpoints.stream().filter(e -> e.url().equals(url)).findFirst();
        return known.orElseThrow(
                () -> new IllegalStateException("no endpoint of batches is " + url));
    }

    private static Response response(OpenAiException e) {
        return new Response(e.status().value(), Json.MAPPER.valueToTree(e.body()));
    }
}
