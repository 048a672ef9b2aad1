package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.response.KeptResponse;
import io.llmfleet.producer.response.Responses;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
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

    @Bean
    BatchEndpoint responseLines(Models models, Responses responses) {
        return new Response(models, responses);
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

    private record Response(Models models, Responses responses) implements BatchEndpoint {

        @Override
        public String url() {
            return "/v1/responses";
        }

        @Override
        public Asked ask(ObjectNode body) {
            String target = models.target(ApiRequest.model(body));
            ResponseRequest request = new ResponseRequest(body);
            if (request.previous().isPresent()) {
                throw OpenAiException.invalid(
                        "previous_response_id",
                        "unsupported",
                        "previous_response_id: a line of a batch stands alone");
            }
            return new Asked("chat", target, request.chat(Json.MAPPER.createArrayNode()), null);
        }

        /** So its response can be looked up, too. */
        @Override
        public void keep(NewTask task, ObjectNode body) {
            responses.keep(new KeptResponse(task.id(), task.tenant(), Json.bytes(body)));
        }

        @Override
        public JsonNode answer(TaskView done, @Nullable String note) {
            ObjectNode request =
                    responses
                            .find(done.tenant(), done.id())
                            .map(kept -> (ObjectNode) Json.tree(kept.request()))
                            .orElseGet(
                                    () ->
                                            Json.MAPPER
                                                    .createObjectNode()
                                                    .put("model", BatchEndpoint.model(done)));
            return ResponseJson.of(done, request);
        }
    }
}
