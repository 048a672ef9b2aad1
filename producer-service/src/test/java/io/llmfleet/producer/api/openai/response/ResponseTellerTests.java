package io.llmfleet.producer.api.openai.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What readers are sent of an output, in whatever pieces it comes and wherever they begin. */
class ResponseTellerTests {

    private static final String HELLO = "Hello, wide world of queues";
    private static final ObjectNode REQUEST =
            Json.MAPPER.createObjectNode().put("model", "m").put("input", "x");

    /** Someone who reads a stream. */
    private static final class Reader {
        private final List<ObjectNode> events = new ArrayList<>();
        private final ResponseTeller teller;
        private ResponseScript script;

        /**
         * @param after the number that it has; below 0 for none
         */
        private Reader(long after) {
            teller = new ResponseTeller(after < 0 ? null : ResponseNumber.of(after));
            script = script();
        }

        private ResponseScript script() {
            return new ResponseScript(FinishedChats.TASK, REQUEST, teller::add);
        }

        private Reader attempt(long number) {
            teller.startAnew(number);
            script = script();
            return this;
        }

        private Reader say(String... pieces) {
            for (String piece : pieces) {
                script.text(piece);
            }
            return this;
        }

        private Reader whole(TaskView done) {
            attempt(ResponseNumber.attempt(done));
            script.whole(done, REQUEST);
            return this;
        }

        private Reader read() throws ResponseTeller.BrokenOffException {
            events.addAll(teller.next());
            return this;
        }

        private List<Long> numbers() {
            return events.stream().map(ResponseTellerTests::number).toList();
        }

        private String said(String type) {
            return said(events, type);
        }

        private static String said(List<ObjectNode> events, String type) {
            return events.stream()
                    .filter(e -> e.path("type").asString("").equals(type))
                    .map(e -> e.path("delta").asString(""))
                    .collect(Collectors.joining());
        }

        private String text() {
            return said("response.output_text.delta");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void wherePiecesEndDoesNotMatterToWhoGoesOn(long seed) throws Exception {
        Random random = new Random(seed);
        TaskView done = FinishedChats.calling(HELLO, "{\"a\":[1,2,3]}", "{}");
        Reader live = inPieces(random, new Reader(-1), done).whole(done).read();
        List<ObjectNode> all = new Reader(-1).whole(done).read().events;

        assertThat(live.text()).isEqualTo(HELLO);
        assertThat(live.numbers()).isSorted().doesNotHaveDuplicates();
        assertThat(live.events.getLast()).isEqualTo(all.getLast());
        for (ObjectNode event : live.events) {
            List<ObjectNode> had =
                    live.events.stream().filter(e -> number(e) <= number(event)).toList();
            Reader byResult = new Reader(number(event)).whole(done).read();
            Reader byPieces = inPieces(random, new Reader(number(event)), done).whole(done).read();
            for (Reader resumed : List.of(byResult, byPieces)) {
                assertThat(resumed.numbers()).allMatch(n -> n > number(event));
                assertThat(dones(had, resumed.events)).isEqualTo(dones(all, List.of()));
                for (String delta :
                        List.of(
                                "response.output_text.delta",
                                "response.function_call_arguments.delta")) {
                    assertThat(Reader.said(had, delta) + resumed.said(delta))
                            .isEqualTo(Reader.said(all, delta));
                }
            }
        }
    }

    @Test
    void theFirstNumbersCountEventsAndCharacters() throws Exception {
        Reader live = new Reader(-1).say("Hel").read().say("lo").read();
        live.whole(FinishedChats.saying("Hello", "stop")).read();

        assertThat(live.numbers()).containsExactly(0L, 1L, 2L, 3L, 6L, 8L, 9L, 10L, 11L, 12L);
    }

    @Test
    void anotherAttemptGoesOnWhereItBeginsWithTheSameWords() throws Exception {
        Reader live = new Reader(-1).say("Hello, wor").read();
        live.attempt(1).say("Hello").read().say(", world").read();

        assertThat(live.text()).isEqualTo("Hello, world");
        assertThat(live.numbers()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void anotherAttemptThatSaysSomethingElseIsNotJoined() throws Exception {
        Reader live = new Reader(-1).say("Hello").read();

        assertThatThrownBy(() -> live.attempt(1).say("Good").read())
                .isInstanceOf(ResponseTeller.BrokenOffException.class);
        ObjectNode error = live.teller.aside(Json.MAPPER.createObjectNode());
        assertThat(number(error)).isGreaterThan(live.numbers().getLast());
    }

    @Test
    void aWholeThatSaysSomethingElseIsNotJoined() throws Exception {
        Reader live = new Reader(-1).say("Hello").read();

        assertThatThrownBy(() -> live.whole(FinishedChats.saying("Help", "stop")).read())
                .isInstanceOf(ResponseTeller.BrokenOffException.class);
    }

    @Test
    void whoHasSomethingOfAnAttemptThatNobodyKnowsIsToldSo() throws Exception {
        Reader live = new Reader(-1).say("Hello").read();
        TaskView second = FinishedChats.saying("Hello, world", "stop", 2);

        assertThatThrownBy(() -> new Reader(live.numbers().getLast()).whole(second).read())
                .isInstanceOf(ResponseTeller.BrokenOffException.class);
        assertThat(new Reader(live.numbers().get(1)).whole(second).read().text())
                .isEqualTo("Hello, world");
        assertThat(new Reader(live.numbers().getLast()).say("Hello").whole(second).read().text())
                .isEqualTo(", world");
    }

    @Test
    void whoHasMoreThanThisReplicaWaitsForIt() throws Exception {
        long number = new Reader(-1).say("Hello").read().numbers().getLast();
        Reader resumed = new Reader(number).say("Hel").read();
        assertThat(resumed.events).isEmpty();

        assertThat(resumed.say("lo, world").read().text()).isEqualTo(", world");
    }

    @Test
    void whoHasAllIsSentNothing() throws Exception {
        TaskView done = FinishedChats.saying("Hello", "stop");
        long last = new Reader(-1).whole(done).read().numbers().getLast();

        assertThat(new Reader(last).whole(done).read().events).isEmpty();
        assertThat(new Reader(last + 7).whole(done).read().events).isEmpty();
    }

    @Test
    void whatComesOutOfOrderIsNotTold() throws Exception {
        Reader live = new Reader(-1).say("One");
        live.script.choices(
                json("[{'delta':{'tool_calls':[{'id':'c','function':{'name':'f'}}]}}]"));
        live.say(" two").read();

        assertThat(live.text()).isEqualTo("One");
        TaskView other = FinishedChats.calling("One two", "");
        assertThatThrownBy(() -> live.whole(other).read())
                .isInstanceOf(ResponseTeller.BrokenOffException.class);
    }

    @Test
    void whatEndsATaskIsTheLastOfItsAttempt() throws Exception {
        Reader live = new Reader(-1).say("Hello").read();
        List<ObjectNode> end = live.teller.end(Json.MAPPER.createObjectNode(), 0);

        assertThat(number(end.getFirst())).isGreaterThan(live.numbers().getLast());
        assertThat(new Reader(number(end.getFirst())).teller.end(Json.MAPPER.createObjectNode(), 0))
                .isEmpty();
    }

    /** The text and the calls of a chat, cut at random, read at random. */
    private static Reader inPieces(Random random, Reader reader, TaskView done) throws Exception {
        ResponseContent content =
                ResponseContent.of(done.id(), OpenAiTasks.output(done).at("/choices/0"));
        for (String piece : cut(random, content.text())) {
            reader.say(piece);
            if (random.nextBoolean()) {
                reader.read();
            }
        }
        for (int i = 0; i < content.calls().size(); i++) {
            ResponseContent.Call call = content.calls().get(i);
            for (String piece : cut(random, call.arguments())) {
                reader.script.choices(callPiece(i, call, piece));
                if (random.nextBoolean()) {
                    reader.read();
                }
            }
        }
        return reader;
    }

    private static ArrayNode callPiece(int number, ResponseContent.Call call, String arguments) {
        ArrayNode choices = Json.MAPPER.createArrayNode();
        ObjectNode piece =
                choices.addObject()
                        .putObject("delta")
                        .putArray("tool_calls")
                        .addObject()
                        .put("index", number)
                        .put("id", call.id());
        piece.putObject("function").put("name", call.name()).put("arguments", arguments);
        return choices;
    }

    private static List<String> cut(Random random, String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(6));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    /** Every event that is no delta, without its number. */
    private static List<JsonNode> dones(List<ObjectNode> had, List<ObjectNode> more) {
        List<JsonNode> dones = new ArrayList<>();
        for (List<ObjectNode> events : List.of(had, more)) {
            for (ObjectNode event : events) {
                if (!event.has("delta")) {
                    dones.add(event.deepCopy().without("sequence_number"));
                }
            }
        }
        return dones;
    }

    private static long number(ObjectNode event) {
        return event.path("sequence_number").asLong(-1);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
