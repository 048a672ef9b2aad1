package io.llmfleet.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.Priority;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.wire.TraceParent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GroupedDeltasTests {

    private static final TaskTypes TYPES = TaskTypes.load(null);
    private static final TaskType CHAT = TYPES.find("chat").orElseThrow();
    private static final JsonNode EMPTY = json("{'choices':[]}");

    private final List<Delta> sent = new CopyOnWriteArrayList<>();
    private final DeltaGrouping grouping = new DeltaGrouping((type, delta) -> sent.add(delta));

    @AfterEach
    void close() {
        grouping.close();
    }

    @Test
    void theFirstPieceGoesOutAtOnceAndTheNextOnesTogether() {
        GroupedDeltas deltas = open("{'text':'x','stream':true}");

        deltas.add(text("a"));
        assertThat(sent).hasSize(1);
        IntStream.range(0, 1_000).forEach(_ -> deltas.add(text("b")));
        int last = deltas.end(CHAT, EMPTY);

        assertThat(text()).isEqualTo("a" + "b".repeat(1_000));
        assertThat(sent.stream().map(Delta::seq))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, last).boxed().toList());
        assertThat(last).isLessThan(1_000);
    }

    @Test
    void whatIsHeldBackFollowsByItself() {
        GroupedDeltas deltas = open("{'text':'x','stream':true}");

        deltas.add(text("a"));
        deltas.add(text("b"));

        await().untilAsserted(() -> assertThat(text()).isEqualTo("ab"));
    }

    @Test
    void whatIsMoreThanTextIsPassedOnAsItIsBehindTheTextBefore() {
        GroupedDeltas deltas = open("{'text':'x','stream':true}");

        deltas.add(text("a"));
        deltas.add(text("b"));
        deltas.add(
                json(
                        "[{'index':0,'delta':{'role':'assistant','tool_calls':[{'index':0,'id':'t'}]}}]"));
        deltas.add(json("[{'index':0,'delta':{},'finish_reason':'tool_calls'}]"));
        int last = deltas.end(CHAT, EMPTY);

        assertThat(last).isEqualTo(3);
        assertThat(text()).isEqualTo("ab");
        assertThat(sent.getLast().choices())
                .isEqualTo(json("[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'t'}]}}]"));
    }

    @Test
    void anAnswerInOnePieceIsPassedOnWhole() {
        GroupedDeltas deltas = open("{'text':'x','stream':true}");

        int last =
                deltas.end(CHAT, json("{'choices':[{'index':0,'message':{'content':'hello'}}]}"));

        assertThat(last).isEqualTo(1);
        assertThat(text()).isEqualTo("hello");
    }

    @Test
    void startingAnewVoidsWhatWasSaid() {
        GroupedDeltas deltas = open("{'text':'x','stream':true}");
        deltas.startAnew();
        assertThat(sent).isEmpty();

        deltas.add(text("a"));
        deltas.add(text("b"));
        deltas.startAnew();
        deltas.add(text("c"));
        deltas.end(CHAT, EMPTY);

        // On a slow machine "b" may have gone on its own.
        assertThat(sent).filteredOn(Delta::restart).hasSize(1);
        assertThat(sent.get(sent.size() - 2).restart()).isTrue();
        assertThat(sent.getLast().text()).isEqualTo("c");
    }

    @ParameterizedTest
    @CsvSource({
        "chat,     '{''text'':''x'',''stream'':true}', '',                  true",
        "chat,     '{''text'':''x''}',                 '',                  false",
        "chat,     '{''text'':''x''}',                 '{''stream'':true}', true",
        "generate, '{''prompt'':''x''}',               '{''stream'':true}', true",
        "classify, '{''text'':''x''}',                 '{''stream'':true}', false",
        "embed,    '{''text'':''x''}',                 '{''stream'':true}', false",
    })
    void onlyTextThatIsAskedForInPiecesComesSo(
            String type, String input, String parameters, boolean wanted) {
        TaskBody body = new TaskBody(json(input), parameters.isEmpty() ? null : json(parameters));

        assertThat(grouping.open(task(), TYPES.find(type).orElseThrow(), body).wanted())
                .isEqualTo(wanted);
    }

    private GroupedDeltas open(String input) {
        return grouping.open(task(), CHAT, new TaskBody(json(input), null));
    }

    private String text() {
        return sent.stream()
                .filter(d -> d.text() != null)
                .map(Delta::text)
                .collect(Collectors.joining());
    }

    private static JsonNode text(String text) {
        return json("[{'index':0,'delta':{'content':'" + text + "'},'finish_reason':null}]");
    }

    private static Envelope task() {
        return new Envelope(
                new UUID(1, 1),
                "chat",
                "any",
                Priority.NORMAL,
                "default",
                1,
                1,
                5,
                0,
                Instant.EPOCH,
                Instant.MAX,
                Duration.ofMinutes(1),
                null,
                "default",
                null,
                null,
                null,
                List.of(),
                TraceParent.orNew(null));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
