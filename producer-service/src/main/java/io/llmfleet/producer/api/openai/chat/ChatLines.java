package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.BatchEndpoint;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.task.TaskView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Chat completions as lines of a batch. */
@Component
final class ChatLines implements BatchEndpoint {

    private final Models models;

    ChatLines(Models models) {
        this.models = models;
    }

    @Override
    public String url() {
        return "/v1/chat/completions";
    }

    @Override
    public Asked ask(ObjectNode body) {
        return new Asked("chat", models.target(ApiRequest.model(body)), body, null);
    }

    @Override
    public JsonNode answer(TaskView done, @Nullable String note) {
        return Completions.of(done, BatchEndpoint.model(done));
    }
}
