package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The chunks of a chat completion. */
final class ChatChunks implements Chunks {

    private final UUID task;
    private final String model;
    private final boolean usage;
    private final Set<Integer> begun = new HashSet<>();

    /**
     * @param model the name that the request asked for
     * @param usage whether the stream ends with a chunk that says what was used
     */
    ChatChunks(UUID task, String model, boolean usage) {
        this.task = task;
        this.model = model;
        this.usage = usage;
    }

    @Override
    public ObjectNode text(String text) {
        ArrayNode choices = Json.MAPPER.createArrayNode();
        choices.addObject().put("index", 0).putObject("delta").put("content", text);
        return choices(choices);
    }

    @Override
    public ObjectNode choices(JsonNode said) {
        ObjectNode chunk = chunk();
        ArrayNode choices = chunk.putArray("choices");
        for (JsonNode choice : said) {
            int index = choice.path("index").asInt(0);
            ObjectNode piece = choices.addObject().put("index", index);
            ObjectNode delta = piece.putObject("delta");
            if (begun.add(index)) {
                delta.put("role", "assistant");
            }
            choice.path("delta").properties().forEach(f -> delta.set(f.getKey(), f.getValue()));
            piece.putNull("finish_reason");
            piece.set(
                    "logprobs", choice.has("logprobs") ? choice.get("logprobs") : piece.nullNode());
        }
        return chunk;
    }

    @Override
    public List<JsonNode> end(TaskView done) {
        ObjectNode completion = Completions.of(done, model);
        List<JsonNode> chunks = new ArrayList<>();
        for (JsonNode choice : completion.path("choices")) {
            ObjectNode chunk = chunk();
            ObjectNode last = chunk.putArray("choices").addObject();
            last.set("index", choice.get("index"));
            last.putObject("delta");
            last.set("finish_reason", choice.get("finish_reason"));
            last.putNull("logprobs");
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

    private ObjectNode chunk() {
        ObjectNode chunk = Json.MAPPER.createObjectNode();
        chunk.put("id", Completions.id(task)).put("object", "chat.completion.chunk");
        chunk.put("created", Completions.created(task)).put("model", model);
        if (usage) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
