package io.llmfleet.producer.api.openai.embedding;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.BatchEndpoint;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.task.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Embeddings as lines of a batch. */
@Component
final class EmbeddingLines implements BatchEndpoint {

    private static final String BASE64 = "base64";

    private final Models models;

    EmbeddingLines(Models models) {
        this.models = models;
    }

    @Override
    public String url() {
        return "/v1/embeddings";
    }

    @Override
    public Asked ask(ObjectNode body) {
        String target = models.target(ApiRequest.model(body));
        String note = Embeddings.asksForBase64(body) ? BASE64 : null;
        JsonNode texts = Embeddings.texts(body);
        return new Asked("embed", target, Embeddings.input(body, texts), note);
    }

    @Override
    public JsonNode answer(TaskView done, @Nullable String note) {
        return Embeddings.answer(List.of(done), BatchEndpoint.model(done), BASE64.equals(note));
    }
}
