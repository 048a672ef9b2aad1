package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Exchanges;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteExplanation.Weighed;
import io.llmfleet.wire.RouteQuestion;
import io.llmfleet.wire.RoutingKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test plays the router. */
class RouteIT {

    private static final String PATH = "/api/v1/routes/explain";

    private static ProducerUnderTest producer;

    private final Queue<RouteQuestion> asked = new ConcurrentLinkedQueue<>();
    private Channel router;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
    }

    @AfterEach
    void stop() throws Exception {
        if (router != null) {
            router.close();
        }
    }

    @Test
    void answerOfARouterIsShown() throws Exception {
        playRouter();

        String question = PATH + "?type=chat&target=gpt-4.1&size=2048&priority=high&budget=85";
        Answer answer = await().until(() -> producer.get(question), a -> a.status() == 200);

        assertThat(answer.json().at("/pool").asString()).isEqualTo("default");
        assertThat(answer.json().at("/candidates/0/chance").asDouble()).isEqualTo(0.98);
        assertThat(answer.json().at("/candidates/0/success").asDouble()).isEqualTo(0.99);
        assertThat(answer.json().has("id")).isFalse();
        assertThat(asked.element().target()).isEqualTo("gpt-4.1");
        assertThat(asked.element().tenant()).isEqualTo("default");
        assertThat(asked.element().priority().wire()).isEqualTo("high");
        assertThat(asked.element().size()).isEqualTo(2_048);
        assertThat(asked.element().budgetUsed()).isEqualTo(85);
    }

    @Test
    void budgetOfTheKeyIsAskedWith() throws Exception {
        playRouter();
        String key = producer.limitedKey("thrifty", "{\"costPerDay\":5}");

        await().untilAsserted(
                        () -> {
                            asked.clear();
                            producer.request(key, "GET", PATH + "?type=chat", null, Map.of());
                            assertThat(asked).isNotEmpty();
                            assertThat(asked.element().budgetUsed()).isZero();
                        });
        assertThat(asked.element().tenant()).isEqualTo("thrifty");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                        type",
        "?type=dance,               type",
        "?type=chat&priority=soon,  priority",
        "?type=chat&size=-1,        size",
        "?type=chat&budget=many,    budget",
        "?type=chat&target=%20,     target",
        "?type=chat&colour=red,     colour",
        "?type=chat&tenant=others,  tenant",
    })
    void wrongQuestionIsRefusedWithItsParameter(String query, String parameter) {
        String user = producer.newKey("own", "user");

        Answer answer = producer.request(user, "GET", PATH + query, null, Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames(parameter, "accepted"));
    }

    @Test
    void withoutARouterThereIsNoAnswer() {
        Answer answer = producer.get(PATH + "?type=chat");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().at("/detail").asString()).contains("router");
    }

    private void playRouter() throws IOException {
        router = producer.channel().getConnection().createChannel();
        router.basicQos(100);
        router.basicConsume(
                Queues.EVENTS,
                false,
                Map.of("x-stream-offset", "next"),
                (tag, message) -> {
                    if (message.getEnvelope().getRoutingKey().startsWith(Event.EXPLAIN + ".")) {
                        answer(Json.read(message.getBody(), RouteQuestion.class));
                    }
                    router.basicAck(message.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
    }

    private void answer(RouteQuestion question) throws IOException {
        asked.add(question);
        RouteExplanation answer =
                new RouteExplanation(
                        question.id(),
                        "router-it",
                        Instant.now(),
                        "pool",
                        "default",
                        null,
                        "rule: adaptive",
                        "1",
                        "adaptive",
                        null,
                        List.of(
                                new Weighed(
                                        "default", null, 0.98, null, 1, 4, 12.5, 0.99, 800.0, 0.01,
                                        0.9)),
                        List.of());
        router.basicPublish(
                Exchanges.EVENTS,
                RoutingKeys.event(Event.EXPLAINED, "chat"),
                null,
                Json.bytes(answer));
    }
}
