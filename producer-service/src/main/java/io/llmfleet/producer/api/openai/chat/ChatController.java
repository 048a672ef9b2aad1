package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Chat completions: each is a task of type {@code chat} whose input is the request itself. */
@RestController
class ChatController {

    private final Models models;
    private final OpenAiTasks tasks;
    private final ChatStreams streams;

    ChatController(Models models, OpenAiTasks tasks, ChatStreams streams) {
        this.models = models;
        this.tasks = tasks;
        this.streams = streams;
    }

    @PostMapping(path = "/v1/chat/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    void create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        String model = request.model();
        NewTask task = tasks.of(request, "chat", models.target(model), request.body());
        if (request.stream()) {
            streams.write(
                    request,
                    task,
                    id ->
                            new ChatStream(
                                    new ChatChunks(id, model, request.streamsUsage()), response),
                    response);
        } else {
            var done = tasks.await(task, request.key(), response);
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(Json.bytes(Completions.of(done, model)));
        }
    }
}
