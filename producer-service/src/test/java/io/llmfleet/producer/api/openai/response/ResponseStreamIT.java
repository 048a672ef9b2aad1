package io.llmfleet.producer.api.openai.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.wire.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Streams of responses, on two replicas of one fleet; this test plays the worker. */
class ResponseStreamIT {

    private static final String RESPONSES = "/v1/responses";
    private static final String BODY =
            "{\"model\":\"model-it\",\"input\":\"Say hello\",\"stream\":true}";
    private static final String BACKGROUND = BODY.replace("{", "{\"background\":true,");
    private static final String CALL =
            "[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'c1','type':'function',"
                    + "'function':{'name':'look','arguments':'{\\\"a\\\"'}}]}}]";
    private static final String MORE_OF_IT =
            "[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':':1}'}}]}}]";
    private static final String CALLED =
            "{'choices':[{'index':0,'message':{'role':'assistant','content':'Let me see.','tool_calls':[{'id':'c1',"
                    + "'type':'function','function':{'name':'look','arguments':'{\\\"a\\\":1}'}}]},"
                    + "'finish_reason':'tool_calls'}]}";

    private static ProducerUnderTest producer;
    private static ProducerUnderTest replica;
    private static Worker worker;
    private static OpenAIClient client;
    private static OpenAIClient elsewhere;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start();
        replica = producer.replica();
        worker = new Worker(producer);
        client = client(producer);
        elsewhere = client(replica);
    }

    @AfterAll
    static void stop() {
        client.close();
        elsewhere.close();
        replica.close();
        producer.close();
    }

    @Test
    void theClientPutsAResponseTogetherOfItsEvents() {
        ResponseCreateParams asked =
                ResponseCreateParams.builder().model(Worker.MODEL).input("Say hello").build();
        List<ResponseStreamEvent> events = new ArrayList<>();
        ResponseAccumulator whole = ResponseAccumulator.createWithSnapshots();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(asked)) {
            var all = stream.stream().iterator();
            ResponseStreamEvent created = all.next();
            Envelope task = worker.take(task(created.asCreated().response().id()));
            worker.say(task, 1, "Hel");
            worker.say(task, 2, "lo");
            worker.succeed(task, 2, Worker.completion("Hello", "stop"));
            whole.accumulate(created);
            all.forEachRemaining(
                    e -> {
                        events.add(e.validate());
                        whole.accumulate(e);
                    });
        }

        Response done = whole.response().validate();
        assertThat(done.status()).contains(ResponseStatus.COMPLETED);
        assertThat(done.output().getFirst().asMessage().content().getFirst().asOutputText().text())
                .isEqualTo("Hello");
        assertThat(whole.reconstructedResponse().output()).isEqualTo(done.output());
        assertThat(
                        events.stream()
                                .filter(ResponseStreamEvent::isOutputTextDelta)
                                .map(e -> e.asOutputTextDelta().delta())
                                .collect(Collectors.joining()))
                .isEqualTo("Hello");
        assertThat(client.responses().retrieve(done.id())).isEqualTo(done);
    }

    @Test
    void eachEventIsNamedAndNumbered() {
        Events stream = producer.stream(RESPONSES, BODY, Map.of());
        Envelope task = worker.take(task(stream));
        worker.say(task, 1, "Let me see.");
        worker.sayChoices(task, 2, CALL);
        worker.sayChoices(task, 3, MORE_OF_IT);
        worker.succeed(task, 3, CALLED);

        List<Events.Event> events = stream.untilEnd();
        assertThat(events).extracting(Events.Event::id).containsOnlyNulls();
        assertThat(events)
                .allSatisfy(e -> assertThat(e.json().path("type").asString()).isEqualTo(e.name()));
        assertThat(numbers(events)).isSorted().doesNotHaveDuplicates().startsWith(0L, 1L);
        assertThat(collapsed(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(text(events)).isEqualTo("Let me see.");
        assertThat(deltas(events, "response.function_call_arguments.delta")).isEqualTo("{\"a\":1}");
        JsonNode output = events.getLast().json().at("/response/output");
        assertThat(output.at("/1/arguments").asString()).isEqualTo("{\"a\":1}");
        assertThat(output.at("/1/id").asString())
                .isEqualTo(
                        events.stream()
                                .filter(e -> e.name().startsWith("response.function_call"))
                                .findFirst()
                                .orElseThrow()
                                .json()
                                .path("item_id")
                                .asString());
    }

    @Test
    void goesOnAtAnotherReplicaAfterWhateverTheReaderHas() {
        Events stream = producer.stream(RESPONSES, BACKGROUND, Map.of());
        UUID id = task(stream);
        Envelope task = worker.take(id);
        worker.say(task, 1, "Let me");
        worker.say(task, 2, " see.");
        List<Events.Event> began = stream.first(6);
        stream.close();
        long last = number(began.getLast());

        List<ResponseStreamEvent> rest = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> resumed = resume(elsewhere, id, last)) {
            worker.sayChoices(task, 3, CALL);
            worker.sayChoices(task, 4, MORE_OF_IT);
            worker.succeed(task, 4, CALLED);
            resumed.stream().forEach(rest::add);
        }

        assertThat(text(began) + text(rest)).isEqualTo("Let me see.");
        assertThat(rest.getLast().isCompleted()).isTrue();
        List<Events.Event> all = follow(producer, id, -1);
        assertThat(text(all)).isEqualTo("Let me see.");
        for (Events.Event event : began) {
            List<Events.Event> again = follow(replica, id, number(event));
            List<Events.Event> before =
                    began.stream().filter(e -> number(e) <= number(event)).toList();
            assertThat(text(before) + text(again)).isEqualTo("Let me see.");
            assertThat(numbers(again)).allMatch(n -> n > number(event));
            assertThat(again.getLast().json()).isEqualTo(all.getLast().json());
        }
        for (Events.Event event : all) {
            List<Events.Event> again = follow(replica, id, number(event));
            assertThat(numbers(again))
                    .isEqualTo(numbers(all).stream().filter(n -> n > number(event)).toList());
        }
    }

    @Test
    void whoComesLateToALaterAttemptIsNotToldWhatIsVoid() {
        UUID id = background();
        Envelope first = worker.take(id);
        worker.say(first, 1, "Hello");
        Envelope second = Worker.again(first);
        worker.say(second, 1, "Good day");
        worker.say(second, 2, " to you");
        awaitPieces(id, 3);
        try (Events late = open(producer, id, -1)) {
            worker.succeed(second, 2, Worker.completion("Good day to you", "stop"));

            assertThat(text(late.untilEnd())).isEqualTo("Good day to you");
        }
    }

    @Test
    void whatAnotherAttemptSaidOtherwiseIsNeverJoined() {
        Events stream = producer.stream(RESPONSES, BACKGROUND, Map.of());
        UUID id = task(stream);
        Envelope first = worker.take(id);
        worker.say(first, 1, "Hello");
        List<Events.Event> began = stream.first(5);
        Envelope second = Worker.again(first);
        worker.say(second, 1, "Good day");

        List<Events.Event> all = stream.untilEnd();
        assertThat(all.getLast().name()).isEqualTo("error");
        assertThat(all.getLast().json().path("code").asString()).isEqualTo("stream_restarted");
        assertThat(text(all)).isEqualTo("Hello");

        worker.succeed(second, 1, Worker.completion("Good day", "stop"));
        await().until(() -> status(id).equals("completed"));
        List<Events.Event> resumed = follow(replica, id, number(began.getLast()));
        assertThat(resumed).extracting(Events.Event::name).containsExactly("error");
        assertThat(text(follow(replica, id, -1))).isEqualTo("Good day");
    }

    @Test
    void anotherAttemptThatBeginsWithTheSameWordsGoesOn() {
        Events stream = producer.stream(RESPONSES, BACKGROUND, Map.of());
        UUID id = task(stream);
        Envelope first = worker.take(id);
        worker.say(first, 1, "Hello, wor");
        List<Events.Event> began = stream.first(5);
        Envelope second = Worker.again(first);
        worker.say(second, 1, "Hello");
        worker.say(second, 2, ", world");
        worker.succeed(second, 2, Worker.completion("Hello, world", "stop"));

        List<Events.Event> all = stream.untilEnd();
        assertThat(text(all)).isEqualTo("Hello, world");
        assertThat(numbers(all)).isSorted().doesNotHaveDuplicates();
        List<Events.Event> resumed = follow(replica, id, number(began.getLast()));
        assertThat(text(began) + text(resumed)).isEqualTo("Hello, world");
    }

    @Test
    void piecesThatWereLostComeInTheEnd() {
        Events stream = producer.stream(RESPONSES, BODY, Map.of());
        Envelope task = worker.take(task(stream));
        worker.say(task, 1, "Hel");
        worker.say(task, 3, "world");
        worker.succeed(task, 3, Worker.completion("Hello, world", "stop"));

        assertThat(text(stream.untilEnd())).isEqualTo("Hello, world");
    }

    @Test
    void aFailureIsTheLastEvent() {
        Events stream = producer.stream(RESPONSES, BODY, Map.of());
        Envelope task = worker.take(task(stream));
        worker.say(task, 1, "Hel");
        stream.first(5);
        worker.fail(task, FailureCode.BACKEND_ERROR);

        Events.Event last = stream.untilEnd().getLast();
        assertThat(last.name()).isEqualTo("response.failed");
        assertThat(last.json().at("/response/error/code").asString()).isEqualTo("server_error");
        assertThat(numbers(stream.all())).isSorted().doesNotHaveDuplicates();
        assertThat(follow(replica, task.taskId(), number(stream.all().get(4))))
                .extracting(Events.Event::name)
                .containsExactly("response.failed");
    }

    @Test
    void whatWasCutOffEndsIncomplete() {
        Events stream = producer.stream(RESPONSES, BODY, Map.of());
        Envelope task = worker.take(task(stream));
        worker.succeed(task, 0, Worker.completion("Hello, wor", "length"));

        Events.Event last = stream.untilEnd().getLast();
        assertThat(last.name()).isEqualTo("response.incomplete");
        assertThat(last.json().at("/response/incomplete_details/reason").asString())
                .isEqualTo("max_output_tokens");
    }

    @Test
    void onlyAResponseThatNobodyCanComeBackToIsCancelledWithItsReader() {
        Events stream = producer.stream(RESPONSES, BODY, Map.of());
        Events background = producer.stream(RESPONSES, BACKGROUND, Map.of());
        Events keyed =
                producer.stream(
                        RESPONSES, BODY, Map.of("Idempotency-Key", "mine-" + UUID.randomUUID()));
        List<Envelope> tasks =
                List.of(stream, background, keyed).stream().map(s -> worker.take(task(s))).toList();
        stream.close();
        background.close();
        keyed.close();
        tasks.forEach(t -> worker.say(t, 1, "Hello"));
        tasks.forEach(t -> worker.say(t, 2, ", world"));

        await().until(() -> status(tasks.getFirst().taskId()).equals("cancelled"));
        for (Envelope task : tasks.subList(1, 3)) {
            assertThat(status(task.taskId())).isNotEqualTo("cancelled");
            worker.succeed(task, 2, Worker.completion("Hello, world", "stop"));
            await().until(() -> status(task.taskId()).equals("completed"));
        }
    }

    @Test
    void theShutdownOfAReplicaCancelsNothing() {
        ProducerUnderTest third = producer.replica();
        Events stream = third.stream(RESPONSES, BACKGROUND, Map.of());
        UUID id = task(stream);
        Envelope task = worker.take(id);
        worker.say(task, 1, "Hello");
        List<Events.Event> began = stream.first(5);
        third.close();

        assertThat(text(stream.untilEnd())).isEqualTo("Hello");
        worker.succeed(task, 1, Worker.completion("Hello, world", "stop"));
        await().until(() -> status(id).equals("completed"));
        assertThat(text(began) + text(follow(replica, id, number(began.getLast()))))
                .isEqualTo("Hello, world");
    }

    @Test
    void aWrongStartIsRefused() {
        UUID id = background();

        Answer answer =
                producer.get(RESPONSES + "/resp_" + id + "?stream=true&starting_after=soon");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/param").asString()).isEqualTo("starting_after");
        assertThatThrownBy(() -> resume(client, UUID.randomUUID(), 0))
                .hasMessageContaining("not found");
    }

    private static UUID background() {
        return UUID.fromString(
                producer.post(RESPONSES, BACKGROUND.replace("\"stream\":true", "\"stream\":false"))
                        .json()
                        .path("id")
                        .asString()
                        .substring("resp_".length()));
    }

    /** Until this many pieces of the task were heard, whichever attempt they are of. */
    private static void awaitPieces(UUID id, int count) {
        try (Events heard = producer.follow(id, null)) {
            await().until(() -> heard.names().stream().filter("delta"::equals).count() >= count);
        }
    }

    private static StreamResponse<ResponseStreamEvent> resume(
            OpenAIClient by, UUID id, long after) {
        return by.responses()
                .retrieveStreaming(
                        ResponseRetrieveParams.builder()
                                .responseId("resp_" + id)
                                .startingAfter(after)
                                .build());
    }

    private static List<Events.Event> follow(ProducerUnderTest by, UUID id, long after) {
        try (Events events = open(by, id, after)) {
            return List.copyOf(events.untilEnd());
        }
    }

    private static Events open(ProducerUnderTest by, UUID id, long after) {
        String start = after < 0 ? "" : "&starting_after=" + after;
        return by.streamOf(RESPONSES + "/resp_" + id + "?stream=true" + start);
    }

    private static String status(UUID id) {
        return producer.get(RESPONSES + "/resp_" + id).json().path("status").asString();
    }

    private static UUID task(Events stream) {
        return task(stream.first(1).getFirst().json().at("/response/id").asString());
    }

    private static UUID task(String response) {
        return UUID.fromString(response.substring("resp_".length()));
    }

    private static List<Long> numbers(List<Events.Event> events) {
        return events.stream().map(ResponseStreamIT::number).toList();
    }

    private static long number(Events.Event event) {
        return event.json().path("sequence_number").asLong(-1);
    }

    private static String text(List<?> events) {
        return events.stream()
                .map(
                        e ->
                                e instanceof ResponseStreamEvent official
                                        ? official.outputTextDelta().map(d -> d.delta()).orElse("")
                                        : deltas(
                                                List.of((Events.Event) e),
                                                "response.output_text.delta"))
                .collect(Collectors.joining());
    }

    private static String deltas(List<Events.Event> events, String name) {
        return events.stream()
                .filter(e -> e.name().equals(name))
                .map(e -> e.json().path("delta").asString())
                .collect(Collectors.joining());
    }

    /** The names of the events, deltas in a row as one. */
    private static List<String> collapsed(List<Events.Event> events) {
        List<String> names = new ArrayList<>();
        for (Events.Event event : events) {
            if (!event.name().endsWith(".delta")
                    || names.isEmpty()
                    || !names.getLast().equals(event.name())) {
                names.add(event.name());
            }
        }
        return names;
    }

    private static OpenAIClient client(ProducerUnderTest of) {
        return OpenAIOkHttpClient.builder()
                .apiKey(ProducerUnderTest.ADMIN)
                .baseUrl(of.url() + "/v1")
                .maxRetries(0)
                .build();
    }
}
