package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.BatchEndpoint;
import io.llmfleet.producer.api.openai.Models;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.task.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Text completions as lines of a batch, each of one prompt. */
@Component
final class CompletionLines implements BatchEndpoint {

    private final Models models;

    CompletionLines(Models models) {
        this.models = models;
    }

    @Override
    public String url() {
        return "/v1/completions";
    }

    @Override
    public Asked ask(ObjectNode body) {
        String target = models.target(ApiRequest.model(body));
        TextCompletions.refuseWhatAChatCannotDo(body);
        List<String> prompts = TextCompletions.prompts(body);
        if (prompts.size() > 1) {
            throw OpenAiException.invalid(
                    "prompt", "unsupported", "prompt: a line of a batch takes one, not a list");
        }
        return new Asked("chat", target, TextCompletions.chat(body, prompts.getFirst()), null);
    }

    @Override
    public JsonNode answer(TaskView done, @Nullable String note) {
        return TextCompletions.of(List.of(done), BatchEndpoint.model(done));
    }
}
