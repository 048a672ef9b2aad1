package io.llmfleet.worker.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.FailureCode;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.backend.Backend.Answer;
import io.llmfleet.worker.backend.Backend.Call;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** With the real model: what it says must make sense. */
class BuiltinBackendTests {

    private static final BuiltinBackend BACKEND = new BuiltinBackend(2);
    private static final TaskTypes TYPES = TaskTypes.load(null);

    private static final String BROKER =
            "A message broker keeps messages until someone has worked on them. Messages that fail for good are kept in a"
                    + " dead letter queue. Bananas are rich in potassium. A consumer acknowledges each message after its"
                    + " work is done.";

    @Test
    void findsThePassageThatAnswersAQuestion() {
        JsonNode output =
                done(
                        "answer",
                        "{'question':'Where are failed messages kept?','context':'"
                                + BROKER
                                + "'}");

        assertThat(output.get("answer").asString()).contains("dead letter queue");
        assertThat(output.get("passages")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "My card was charged twice for one order | billing",
                "The app closes as soon as I open it     | bug",
                "How do I change my password?            | account",
            })
    void choosesTheLabelThatFits(String text, String label) {
        JsonNode output =
                done(
                        "classify",
                        "{'text':'%s','labels':[{'name':'billing','description':'payments, invoices and charges'},{'name':'bug','description':'the software crashes or misbehaves'},{'name':'account','description':'login, password and profile'}]}"
                                .formatted(text));

        assertThat(output.get("label").asString()).isEqualTo(label);
        double sum = 0;
        for (JsonNode score : output.get("scores")) {
            sum += score.get("score").asDouble();
        }
        assertThat(sum).isBetween(0.99, 1.01);
    }

    @Test
    void summaryHasTheTextsOwnSentencesInTheirOrder() {
        String summary =
                done("summarize", "{'text':'" + BROKER + "','sentences':2}")
                        .get("summary")
                        .asString();

        List<String> sentences = Sentences.of(summary);
        assertThat(sentences).hasSize(2).isSubsetOf(Sentences.of(BROKER));
        assertThat(summary).doesNotContain("Bananas");
        assertThat(BROKER.indexOf(sentences.get(0))).isLessThan(BROKER.indexOf(sentences.get(1)));
    }

    @Test
    void keyPhrasesAreOfTheText() {
        JsonNode phrases = done("extract", "{'text':'" + BROKER + "','limit':4}").get("keyPhrases");

        assertThat(phrases).hasSizeBetween(1, 4);
        for (JsonNode phrase : phrases) {
            assertThat(BROKER.toLowerCase()).contains(phrase.get("phrase").asString());
        }
    }

    @Test
    void embeddingsOfLikeTextsAreNear() {
        JsonNode data =
                done(
                                "embed",
                                "{'input':['a cat sleeps','a kitten is asleep','the stock market fell']}")
                        .get("data");

        float[] cat = vector(data.get(0));
        assertThat(cat).hasSize(Encoder.DIMENSIONS);
        assertThat(Vectors.similarity(cat, vector(data.get(1))))
                .isGreaterThan(Vectors.similarity(cat, vector(data.get(2))) + 0.2);
    }

    @Test
    void concurrentEmbeddingsAreThoseOfEachAlone() {
        Encoder encoder = new Encoder(1);
        List<String> texts = IntStream.range(0, 30).mapToObj(i -> "text number " + i).toList();
        List<CompletableFuture<float[]>> together = new ArrayList<>();
        texts.forEach(t -> together.add(CompletableFuture.supplyAsync(() -> encoder.encode(t))));

        for (int i = 0; i < texts.size(); i++) {
            assertThat(Vectors.similarity(together.get(i).join(), encoder.encode(texts.get(i))))
                    .isGreaterThan(0.999);
        }
    }

    @Test
    void chatAnswersFromWhatItWasGiven() {
        JsonNode output =
                done(
                        "chat",
                        "{'messages':[{'role':'system','content':'"
                                + BROKER
                                + "'},{'role':'user','content':'When is a message acknowledged?'}]}");

        assertThat(output.at("/choices/0/message/content").asString()).contains("acknowledges");
        assertThat(output.get("model").asString()).isEqualTo("builtin-minilm");
        assertThat(output.at("/usage/total_tokens").asInt()).isPositive();
    }

    @Test
    void chatWithoutAnythingToAnswerFromSaysWhatToConfigure() {
        assertThat(
                        done("chat", "{'text':'Who are you?'}")
                                .at("/choices/0/message/content")
                                .asString())
                .contains("builtin-minilm")
                .contains("LLM_BASE_URL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "translate | {'text':'a','to':'de'}",
                "extract   | {'text':'a','what':'triples'}",
                "generate  | {'prompt':'a','schema':{'type':'object'}}",
            })
    void whatNeedsAGenerativeModelFailsAtOnceNamingWhatToConfigure(String type, String input) {
        assertThat(call(type, input))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        f -> {
                            assertThat(f.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
                            assertThat(f.failure().retryable()).isFalse();
                            assertThat(f.failure().message()).contains("LLM_BASE_URL");
                        });
    }

    private static JsonNode done(String type, String input) {
        Answer answer = call(type, input);
        assertThat(answer).isInstanceOf(Answer.Done.class);
        JsonNode output = ((Answer.Done) answer).output();
        assertThat(TYPES.find(type).orElseThrow().checkOutput(output)).isEmpty();
        return output;
    }

    private static Answer call(String type, String input) {
        TaskType taskType = TYPES.find(type).orElseThrow();
        JsonNode json = Json.tree(input.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertThat(taskType.checkInput(json)).isEmpty();
        return BACKEND.call(
                new Call(
                        UUID.randomUUID(),
                        1,
                        1,
                        taskType,
                        json,
                        null,
                        null,
                        Duration.ofSeconds(10)));
    }

    private static float[] vector(JsonNode item) {
        float[] vector = new float[item.get("embedding").size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = item.get("embedding").get(i).floatValue();
        }
        return vector;
    }
}
