package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.api.openai.chat.ChatStreams;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.response.ResponseId;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Responses: each is a task of type {@code chat}, and can be asked for by its id. */
@RestController
class ResponseController {

    private final ResponseTasks responses;
    private final OpenAiTasks tasks;
    private final ChatStreams streams;
    private final Cancellation cancellation;

    ResponseController(
            ResponseTasks responses,
            OpenAiTasks tasks,
            ChatStreams streams,
            Cancellation cancellation) {
        this.responses = responses;
        this.tasks = tasks;
        this.streams = streams;
        this.cancellation = cancellation;
    }

    @PostMapping(path = "/v1/responses", consumes = MediaType.APPLICATION_JSON_VALUE)
    void create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        ResponseRequest asked = new ResponseRequest(request.body());
        NewTask task = responses.prepare(request, asked);
        if (request.stream()) {
            stream(request, asked, task, response);
            return;
        }
        write(ResponseJson.of(answered(request, asked, task, response), asked.body()), response);
    }

    private TaskView answered(
            ApiRequest request, ResponseRequest asked, NewTask task, HttpServletResponse response) {
        if (!asked.background() && request.key().isEmpty()) {
            return tasks.await(task, request.key(), response);
        }
        TaskView now = tasks.submit(task, request.key(), response);
        responses.accepted(task, now.id());
        return asked.background() ? now : tasks.await(now);
    }

    private void stream(
            ApiRequest request, ResponseRequest asked, NewTask task, HttpServletResponse response) {
        if (asked.background() || request.key().isPresent()) {
            streams.writeResumable(request, task, id -> begin(asked, task, id, response), response);
        } else {
            streams.write(request, task, id -> begin(asked, task, id, response), response);
        }
    }

    private ChatStreams.Writer begin(
            ResponseRequest asked, NewTask task, UUID accepted, HttpServletResponse response) {
        responses.accepted(task, accepted);
        return new ResponseStream(accepted, asked.body(), null, response);
    }

    @GetMapping("/v1/responses/{id}")
    void retrieve(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(name = "starting_after", required = false) @Nullable String after,
            HttpServletResponse response)
            throws IOException {
        ResponseTasks.Found found = responses.find(caller.tenant(), id);
        if ("true".equals(stream)) {
            TaskView task = found.task();
            streams.follow(
                    task, new ResponseStream(task.id(), found.request(), number(after), response));
        } else {
            write(found.json(), response);
        }
    }

    private static @Nullable ResponseNumber number(@Nullable String after) {
        if (after == null) {
            return null;
        }
        try {
            long value = Long.parseLong(after);
            if (value >= 0) {
                return ResponseNumber.of(value);
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw ResponseFields.wrong("starting_after", "must be the sequence_number of an event");
    }

    @PostMapping("/v1/responses/{id}/cancel")
    void cancel(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        ResponseTasks.Found found = responses.find(caller.tenant(), id);
        if (!new ResponseRequest(found.request()).background()) {
            throw OpenAiException.invalid(
                    null,
                    null,
                    "Cannot cancel a synchronous response; accepted: one with background.");
        }
        write(ResponseJson.of(cancelled(found), found.request()), response);
    }

    @DeleteMapping("/v1/responses/{id}")
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        ResponseTasks.Found found = responses.find(caller.tenant(), id);
        UUID task = cancelled(found).id();
        responses.erase(found);
        ObjectNode deleted = Json.MAPPER.createObjectNode().put("id", ResponseId.of(task));
        write(deleted.put("object", "response").put("deleted", true), response);
    }

    private TaskView cancelled(ResponseTasks.Found found) {
        TaskView task = found.task();
        return cancellation.cancel(task.tenant(), task.id()).orElse(task);
    }

    @GetMapping("/v1/responses/{id}/input_items")
    void inputItems(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String order,
            HttpServletResponse response)
            throws IOException {
        ResponseTasks.Found found = responses.find(caller.tenant(), id);
        InputItemQuery query = InputItemQuery.read(after, limit, order);
        write(
                query.page(ResponseItems.input(found.task().id(), found.request().path("input"))),
                response);
    }

    private static void write(ObjectNode json, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(Json.bytes(json));
    }
}
