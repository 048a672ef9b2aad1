///usr/bin/env jbang "$0" "$@" ; exit $?
//DEPS com.openai:openai-java:4.101.0

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;

/**
 * Asks the fleet with OpenAI's own client: a whole answer, a streamed one, and embeddings.
 *
 * <pre>
 * OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=$(cat .fleet/api-key) jbang examples/java/Chat.java
 * </pre>
 *
 * The client reads these two variables itself: nothing here knows of the fleet.
 */
public class Chat {

    private static final String QUESTION =
            "A queue keeps messages until they are read. What does a queue keep?";

    public static void main(String[] args) {
        String model = System.getenv().getOrDefault("MODEL", "builtin-minilm");
        ChatCompletionCreateParams chat =
                ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION).build();

        OpenAIClient client = OpenAIOkHttpClient.fromEnv();
        try {
            System.out.println("whole: " + whole(client, chat));
            System.out.print("streamed: ");
            stream(client, chat);
            System.out.println("embedded: " + embed(client, model));
        } finally {
            client.close();
        }
    }

    private static String whole(OpenAIClient client, ChatCompletionCreateParams chat) {
        return client.chat()
                .completions()
                .create(chat)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElse("");
    }

    private static void stream(OpenAIClient client, ChatCompletionCreateParams chat) {
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat)) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> System.out.print(choice.delta().content().orElse("")));
        }
        System.out.println();
    }

    private static String embed(OpenAIClient client, String model) {
        var embeddings =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model(model)
                                        .inputOfArrayOfStrings(List.of(QUESTION, "Good morning."))
                                        .build());
        return embeddings.data().size() + " texts";
    }
}
