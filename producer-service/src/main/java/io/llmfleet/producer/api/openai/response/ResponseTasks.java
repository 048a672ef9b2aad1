package io.llmfleet.producer.api.openai.response;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.response.KeptResponse;
import io.llmfleet.producer.response.ResponseId;
import io.llmfleet.producer.response.Responses;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.producer.task.WebhookKind;
import io.llmfleet.wire.Json;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes tasks of requests for responses, and finds responses again. */
@Component
final class ResponseTasks {

    /**
     * A response that was found.
     *
     * @param request that it answers
     */
    record Found(TaskView task, ObjectNode request) {

        ObjectNode json() {
            return ResponseJson.of(task, request);
        }
    }

    private final Models models;
    private final OpenAiTasks openAiTasks;
    private final Tasks tasks;
    private final Responses responses;

    ResponseTasks(Models models, OpenAiTasks openAiTasks, Tasks tasks, Responses responses) {
        this.models = models;
        this.openAiTasks = openAiTasks;
        this.tasks = tasks;
        this.responses = responses;
    }

    /**
     * A task that may be submitted; what it takes to find its response is kept already.
     *
     * @throws OpenAiException if the request is wrong
     */
    NewTask prepare(ApiRequest request, ResponseRequest asked) {
        String target = models.target(request.model());
        String tenant = request.caller().tenant();
        ArrayNode earlier =
                asked.previous()
                        .map(id -> conversation(tenant, id))
                        .orElseGet(Json.MAPPER::createArrayNode);
        ObjectNode fields = Json.MAPPER.createObjectNode();
        fields.put("type", "chat").put("target", target).set("input", asked.chat(earlier));
        for (String field : new String[] {"metadata", "webhook"}) {
            ResponseFields.value(asked.body(), field).ifPresent(v -> fields.set(field, v));
        }
        boolean goesOn = asked.background() || request.key().isPresent();
        NewTask task = openAiTasks.of(request, fields, WebhookKind.RESPONSE, goesOn);
        if (asked.store()) {
            responses.keep(new KeptResponse(task.id(), tenant, Json.bytes(asked.body())));
        }
        return task;
    }

    /** Notes which task was accepted: an earlier one, if the same request came before. */
    void accepted(NewTask task, UUID accepted) {
        if (!task.id().equals(accepted)) {
            responses.forget(task.id());
        }
    }

    /**
     * @throws OpenAiException if there is none of this tenant
     */
    Found find(String tenant, String id) {
        return lookUp(tenant, id)
                .orElseThrow(
                        () ->
                                OpenAiException.notFound(
                                        null,
                                        "response_not_found",
                                        "Response with id '" + id + "' not found."));
    }

    /** Removes what was asked and answered; the task must be final. */
    void erase(Found found) {
        tasks.erase(found.task().tenant(), found.task().id());
    }

    private Optional<Found> lookUp(String tenant, String id) {
        return ResponseId.parse(id)
                .flatMap(task -> responses.find(tenant, task))
                .flatMap(kept -> tasks.find(tenant, kept.task()).flatMap(t -> found(t, kept)));
    }

    /** One whose answer is gone is about to be forgotten. */
    private static Optional<Found> found(TaskView task, KeptResponse kept) {
        boolean gone = task.state() == TaskState.SUCCEEDED && task.result() == null;
        return gone
                ? Optional.empty()
                : Optional.of(new Found(task, (ObjectNode) Json.tree(kept.request())));
    }

    /** Everything that was said up to the end of an earlier response, but for its instructions. */
    private ArrayNode conversation(String tenant, String id) {
        Found earlier =
                lookUp(tenant, id)
                        .orElseThrow(
                                () -> notPrevious(id, "previous_response_not_found", "not found"));
        TaskView task = earlier.task();
        Optional<byte[]> input = tasks.input(tenant, task.id());
        if (task.result() == null || input.isEmpty()) {
            String status = earlier.json().path("status").asString("");
            throw notPrevious(
                    id,
                    "previous_response_not_completed",
                    status + "; accepted: a response that is completed");
        }
        JsonNode said = Json.tree(input.get()).at("/input/messages");
        ArrayNode messages = Json.MAPPER.createArrayNode();
        int own = ResponseFields.value(earlier.request(), "instructions").isPresent() ? 1 : 0;
        for (int i = own; i < said.size(); i++) {
            messages.add(said.get(i));
        }
        JsonNode choice = OpenAiTasks.output(task).at("/choices/0");
        return messages.add(ResponseContent.of(task.id(), choice).message());
    }

    private static OpenAiException notPrevious(String id, String code, String how) {
        return OpenAiException.refused(
                HttpStatus.BAD_REQUEST,
                "previous_response_id",
                code,
                "Previous response with id '" + id + "' is " + how + ".");
    }
}
