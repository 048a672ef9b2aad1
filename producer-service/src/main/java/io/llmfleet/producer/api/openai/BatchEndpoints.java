package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.task.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The endpoints whose requests may be lines of a batch. */
@Configuration(proxyBeanMethods = false)
class BatchEndpoints {

    @Bean
    BatchEndpoint chatLines(Models models) {
        return new Chat(models);
    }

    @Bean
    BatchEndpoint completionLines(Models models) {
        return new Completion(models);
    }

    @Bean
    BatchEndpoint embeddingLines(Models models) {
        return new Embedding(models);
    }

    private record Chat(Models models) implements BatchEndpoint {

        @Override
        public String url() {
            return "/v1/chat/completions";
        }

        @Override
        public Asked ask(ObjectNode body) {
            return new Asked("chat", models.target(ApiRequest.model(body)), body, null);
        }

        @Override
        public JsonNode answer(TaskView done, @Nullable String note) {
            return Completions.of(done, BatchEndpoint.model(done));
        }
    }

    private record Completion(Models models) implements BatchEndpoint {

        @Override
        public String url() {
            return "/v1/completions";
        }

        @Override
        public Asked ask(ObjectNode body) {
            String target = models.target(ApiRequest.model(body));
            CompletionController.refuseWhatAChatCannotDo(body);
            List<String> prompts = CompletionController.prompts(body);
            if (prompts.size() > 1) {
                throw OpenAiException.invalid(
                        "prompt", "unsupported", "prompt: a line of a batch takes one, not a list");
            }
            return new Asked(
                    "chat", target, CompletionController.chat(body, prompts.getFirst()), null);
        }

        @Override
        public JsonNode answer(TaskView done, @Nullable String note) {
            return CompletionController.completion(List.of(done), BatchEndpoint.model(done));
        }
    }

    private record Embedding(Models models) implements BatchEndpoint {

        private static final String BASE64 = "base64";

        @Override
        public String url() {
            return "/v1/embeddings";
        }

        @Override
        public Asked ask(ObjectNode body) {
            String target = models.target(ApiRequest.model(body));
            String note = EmbeddingController.base64(body) ? BASE64 : null;
            JsonNode texts = EmbeddingController.texts(body);
            return new Asked("embed", target, EmbeddingController.input(body, texts), note);
        }

        @Override
        public JsonNode answer(TaskView done, @Nullable String note) {
            return EmbeddingController.answer(
                    List.of(done), BatchEndpoint.model(done), BASE64.equals(note));
        }
    }
}
