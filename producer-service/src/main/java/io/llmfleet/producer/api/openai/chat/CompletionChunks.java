package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The chunks of a text completion. */
final class CompletionChunks implements Chunks {

    private final UUID task;
    private final String model;
    private final boolean usage;

    CompletionChunks(UUID task, String model, boolean usage) {
        this.task = task;
        this.model = model;
        this.usage = usage;
    }

    @Override
    public ObjectNode text(String text) {
        ObjectNode chunk = chunk();
        choice(chunk.putArray("choices"), 0, text).putNull("finish_reason");
        return chunk;
    }

    @Override
    public ObjectNode choices(JsonNode said) {
        ObjectNode chunk = chunk();
        ArrayNode choices = chunk.putArray("choices");
        for (JsonNode choice : said) {
            String text = choice.at("/delta/content").asString("");
            choice(choices, choice.path("index").asInt(0), text).putNull("finish_reason");
        }
        return chunk;
    }

    @Override
    public List<JsonNode> end(TaskView done) {
        ObjectNode completion = Completions.of(done, model);
        List<JsonNode> chunks = new ArrayList<>();
        for (JsonNode said : completion.path("choices")) {
            ObjectNode chunk = chunk();
            choice(chunk.putArray("choices"), said.path("index").asInt(0), "")
                    .set("finish_reason", said.get("finish_reason"));
            chunks.add(chunk);
        }
        if (usage) {
            ObjectNode chunk = chunk();
            chunk.putArray("choices");
            chunk.set("usage", completion.get("usage"));
            chunks.add(chunk);
        }
        return chunks;
    }

    @Override
    public String text(TaskView done) {
        return OpenAiTasks.output(done).at("/choices/0/message/content").asString("");
    }

    private static ObjectNode choice(ArrayNode choices, int index, String text) {
        return choices.addObject().put("index", index).put("text", text).putNull("logprobs");
    }

    private ObjectNode chunk() {
        ObjectNode chunk = Json.MAPPER.createObjectNode();
        chunk.put("id", TextCompletions.id(task)).put("object", "text_completion");
        chunk.put("created", Completions.created(task)).put("model", model);
        if (usage) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
