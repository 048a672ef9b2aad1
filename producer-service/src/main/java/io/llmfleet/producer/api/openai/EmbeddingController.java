package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.access.Caller;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Embeddings: a request with many inputs is worked on as several tasks at once. */
@RestController
class EmbeddingController {

    private static final String FORMAT = "encoding_format";

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
        boolean base64 = base64(request.body());
        JsonNode input = texts(request.body());
        List<NewTask> all =
                Embeddings.split(input, inputsPerTask).stream()
                        .map(
                                part ->
                                        tasks.of(
                                                request,
                                                "embed",
                                                target,
                                                input(request.body(), part)))
                        .toList();
        List<TaskView> done = tasks.awaitAll(all, request.key(), response);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(Json.bytes(answer(done, model, base64)));
    }

    static JsonNode texts(ObjectNode body) {
        JsonNode input = body.path("input");
        if (input.isMissingNode()) {
            throw OpenAiException.invalid("input", null, "input is required: a text or a list");
        }
        return input;
    }

    static boolean base64(ObjectNode body) {
        String format = body.path(FORMAT).asString("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw OpenAiException.invalid(FORMAT, null, FORMAT + ": accepted: float, base64");
        }
        return format.equals("base64");
    }

    /** Backends are asked for numbers, which any of them can give. */
    static ObjectNode input(ObjectNode body, JsonNode part) {
        ObjectNode input = body.deepCopy();
        input.remove(FORMAT);
        input.set("input", part);
        return input;
    }

    static ObjectNode answer(List<TaskView> done, String model, boolean base64) {
        List<ObjectNode> outputs = done.stream().map(OpenAiTasks::output).toList();
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (ObjectNode output : outputs) {
            Embeddings.inOrder(output)
                    .forEach(
                            vector -> {
                                ObjectNode item = data.addObject().put("object", "embedding");
                                item.put("index", data.size() - 1);
                                item.set("embedding", base64 ? Embeddings.base64(vector) : vector);
                            });
        }
        answer.put("model", outputs.getFirst().path("model").asString(model));
        answer.set("usage", Usages.sum(outputs));
        return answer;
    }
}
