package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.task.TaskView;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Writes the chunks of one stream; each is JSON on one line. */
interface Chunks {

    /** The first choice's text goes on. */
    JsonNode text(String text);

    /**
     * Something else goes on.
     *
     * @param choices of a chat completion chunk
     */
    JsonNode choices(JsonNode choices);

    /** What ends every choice, and the usage if it was asked for. */
    List<JsonNode> end(TaskView task);

    /** The first choice's whole text. */
    String text(TaskView task);
}
