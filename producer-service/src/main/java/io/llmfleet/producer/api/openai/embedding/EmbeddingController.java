package io.llmfleet.producer.api.openai.embedding;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiProperties;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Embeddings: a request with many inputs is worked on as several tasks at once. */
@RestController
class EmbeddingController {

    private final Models models;
    private final OpenAiTasks tasks;
    private final int inputsPerTask;

    EmbeddingController(Models models, OpenAiTasks tasks, OpenAiProperties properties) {
        this.models = models;
        this.tasks = tasks;
        this.inputsPerTask = properties.embeddingInputs();
    }

    @PostMapping(path = "/v1/embeddings", consumes = MediaType.APPLICATION_JSON_VALUE)
    void create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        String model = request.model();
        String target = models.target(model);
        boolean base64 = Embeddings.asksForBase64(request.body());
        JsonNode input = Embeddings.texts(request.body());
        List<NewTask> all =
                Embeddings.split(input, inputsPerTask).stream()
                        .map(
                                part ->
                                        tasks.of(
                                                request,
                                                "embed",
                                                target,
                                                Embeddings.input(request.body(), part)))
                        .toList();
        List<TaskView> done = tasks.awaitAll(all, request.key(), response);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(Json.bytes(Embeddings.answer(done, model, base64)));
    }
}
