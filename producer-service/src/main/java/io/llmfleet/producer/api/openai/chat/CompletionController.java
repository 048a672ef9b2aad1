package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiException;
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

/** Text completions, OpenAI's older endpoint: each prompt is a chat of one message. */
@RestController
class CompletionController {

    private final Models models;
    private final OpenAiTasks tasks;
    private final ChatStreams streams;

    CompletionController(Models models, OpenAiTasks tasks, ChatStreams streams) {
        this.models = models;
        this.tasks = tasks;
        this.streams = streams;
    }

    @PostMapping(path = "/v1/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    void create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        String model = request.model();
        String target = models.target(model);
        TextCompletions.refuseWhatAChatCannotDo(request.body());
        List<NewTask> all =
                TextCompletions.prompts(request.body()).stream()
                        .map(
                                p ->
                                        tasks.of(
                                                request,
                                                "chat",
                                                target,
                                                TextCompletions.chat(request.body(), p)))
                        .toList();
        if (!request.stream()) {
            List<TaskView> done = tasks.awaitAll(all, request.key(), response);
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(Json.bytes(TextCompletions.of(done, model)));
        } else if (all.size() == 1) {
            streams.write(
                    request,
                    all.getFirst(),
                    id ->
                            new ChatStream(
                                    new CompletionChunks(id, model, request.streamsUsage()),
                                    response),
                    response);
        } else {
            throw OpenAiException.invalid(
                    "prompt", "unsupported", "prompt: a stream takes one prompt, not a list");
        }
    }
}
