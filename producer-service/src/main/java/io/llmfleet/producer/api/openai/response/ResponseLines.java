package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.BatchEndpoint;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.response.KeptResponse;
import io.llmfleet.producer.response.Responses;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses as lines of a batch. */
@Component
final class ResponseLines implements BatchEndpoint {

    private final Models models;
    private final Responses responses;

    ResponseLines(Models models, Responses responses) {
        this.models = models;
        this.responses = responses;
    }

    @Override
    public String url() {
        return "/v1/responses";
    }

    @Override
    public Asked ask(ObjectNode body) {
        String target = models.target(ApiRequest.model(body));
        ResponseRequest request = new ResponseRequest(body);
        if (request.previous().isPresent()) {
            throw OpenAiException.invalid(
                    "previous_response_id",
                    "unsupported",
                    "previous_response_id: a line of a batch stands alone");
        }
        return new Asked("chat", target, request.chat(Json.MAPPER.createArrayNode()), null);
    }

    /** So its response can be looked up, too. */
    @Override
    public void keep(NewTask task, ObjectNode body) {
        responses.keep(new KeptResponse(task.id(), task.tenant(), Json.bytes(body)));
    }

    @Override
    public JsonNode answer(TaskView done, @Nullable String note) {
        ObjectNode request =
                responses
                        .find(done.tenant(), done.id())
                        .map(kept -> (ObjectNode) Json.tree(kept.request()))
                        .orElseGet(
                                () ->
                                        Json.MAPPER
                                                .createObjectNode()
                                                .put("model", BatchEndpoint.model(done)));
        return ResponseJson.of(done, request);
    }
}
