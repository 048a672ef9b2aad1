package io.llmfleet.producer.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Defaults;
import io.llmfleet.model.Priority;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class TaskRequestParserTests {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final TaskOrigin ORIGIN = TaskOrigin.of("acme", null, "trace");

    private final TaskRequestParser parser =
            new TaskRequestParser(
                    TaskTypes.load(null),
                    new OnlyGpus(),
                    new DelegationProperties(
                            3, 64, 10_000_000, 8, DataSize.ofKilobytes(1), DataSize.ofKilobytes(1)),
                    Clock.fixed(NOW, ZoneOffset.UTC));

    private static final class OnlyGpus implements Targets {

        @Override
        public boolean accepts(String target) {
            return accepted().contains(target);
        }

        @Override
        public Collection<String> accepted() {
            return new TreeSet<>(List.of("any", "gpus", "gpt-4.1"));
        }
    }

    @Test
    void whatIsLeftOutHasTheDefaults() {
        NewTask task = valid("{'type':'chat','input':{'text':'hi'}}");

        assertThat(task.target()).isEqualTo("any");
        assertThat(task.priority()).isEqualTo(Priority.NORMAL);
        assertThat(task.deadline()).isEqualTo(NOW.plus(Defaults.DEADLINE));
        assertThat(task.callLimit()).isEqualTo(Defaults.CALL_LIMIT);
        assertThat(task.parameters()).isNull();
        assertThat(task.conversation()).isNull();
        assertThat(task.metadata()).isEmpty();
        assertThat(task.webhook()).isNull();
        assertThat(task.tenant()).isEqualTo("acme");
        assertThat(task.id().version()).isEqualTo(7);
    }

    @Test
    void everyFieldIsRead() {
        NewTask task =
                valid(
                        """
                        {'type':'chat','input':{'text':'hi','x':[1,2.5,null]},'parameters':{'temperature':0},
                         'target':'gpt-4.1','priority':'high','deadline':'PT1H','callLimit':'PT90M',
                         'conversation':'c','metadata':{'k':'v'},'webhook':'https://example.org/hook?x=1'}
                        """);

        assertThat(Json.write(task.input())).isEqualTo("{\"text\":\"hi\",\"x\":[1,2.5,null]}");
        assertThat(task.parameters()).hasToString("{\"temperature\":0}");
        assertThat(task.target()).isEqualTo("gpt-4.1");
        assertThat(task.priority()).isEqualTo(Priority.HIGH);
        assertThat(task.deadline()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(task.callLimit()).isEqualTo(Duration.ofMinutes(90));
        assertThat(task.conversation()).isEqualTo("c");
        assertThat(task.metadata()).isEqualTo(Map.of("k", "v"));
        assertThat(task.webhook()).isEqualTo("https://example.org/hook?x=1");
    }

    @Test
    void deadlineMayBeATime() {
        assertThat(
                        valid(
                                        "{'type':'chat','input':{'text':'a'},'deadline':'2030-01-01T00:00:05Z'}")
                                .deadline())
                .isEqualTo(NOW.plusSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                             | /type         | accepted: answer, chat",
                "{'type':'chat'}                                | /input        | is required",
                "{'type':'sing','input':{}}                     | /type         | accepted: answer, chat",
                "{'type':7,'input':{}}                          | /type         | must be a string",
                "{'type':'chat','input':'hi'}                   | /input        | must be a JSON object",
                "{'type':'chat','input':{'text':5}}             | /input/text   | string",
                "{'type':'summarize','input':{}}                | /input/text   | required",
                "{'type':'summarize','input':{'text':'a','x':1}}| /input/x      | accepted: text, sentences, focus",
                "{'type':'summarize','input':{'text':''}}       | /input/text   | 1",
                "{@,'colour':1}                                 | /colour       | accepted: type, input",
                "{@,'a/b':1}                                    | /a~1b         | unknown field",
                "{@,'parameters':[]}                            | /parameters   | must be a JSON object",
                "{@,'target':'nobody'}                          | /target       | accepted: any, gpt-4.1, gpus",
                "{@,'target':'a b'}                             | /target       | must match",
                "{@,'target':5}                                 | /target       | must be a string",
                "{@,'priority':'urgent'}                        | /priority     | high, normal, low",
                "{@,'deadline':'2029-12-31T23:59:59Z'}          | /deadline     | must be in the future",
                "{@,'deadline':'PT0S'}                          | /deadline     | must be in the future",
                "{@,'deadline':'PT200H'}                        | /deadline     | within 6 days",
                "{@,'deadline':'P999999999999999999D'}          | /deadline     | ISO 8601",
                "{@,'deadline':'tomorrow'}                      | /deadline     | ISO 8601",
                "{@,'deadline':1893456000}                      | /deadline     | must be a string",
                "{@,'callLimit':'PT0.5S'}                       | /callLimit    | PT1S to 90 minutes",
                "{@,'callLimit':'PT91M'}                        | /callLimit    | PT1S to 90 minutes",
                "{@,'callLimit':'soon'}                         | /callLimit    | PT1S to 90 minutes",
                "{@,'conversation':''}                          | /conversation | 1 to 200",
                "{@,'conversation':'a\\u0000b'}                 | /conversation | U+0000",
                "{@,'metadata':{'k':1}}                         | /metadata/k   | must be a string",
                "{@,'metadata':{'':'v'}}                        | /metadata     | 1 to 64",
                "{@,'webhook':'ftp://example.org/'}             | /webhook      | http or https",
                "{@,'webhook':'https://'}                       | /webhook      | http or https",
                "{@,'webhook':'https://u:p@example.org/'}       | /webhook      | http or https",
            })
    void namesTheFieldAndWhatIsAccepted(String json, String field, String message) {
        String body = json.replace("{@", "{'type':'chat','input':{'text':'a'}");

        assertThat(errors(body))
                .anySatisfy(
                        e -> {
                            assertThat(e.field()).isEqualTo(field);
                            assertThat(e.message()).contains(message);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "nonsense",
                "{'type':'chat'} x",
                "{'a':1,'a':2}",
                "{'a':1e}"
            })
    void refusesWhatIsNoJson(String json) {
        assertThat(errors(json)).singleElement().returns("body", FieldError::field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "7", "'text'"})
    void refusesWhatIsNoObject(String json) {
        assertThat(errors(json)).singleElement().returns("body", FieldError::field);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        assertThat(errors("{'type':'sing','priority':'urgent','colour':1}"))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("/type", "/priority", "/colour", "/input");
    }

    @Test
    void loneSurrogatesAreRefusedAndPairsAreKept() {
        assertThat(errors("{'type':'chat','input':{'text':'a\\ud800b'}}"))
                .singleElement()
                .returns("/input/text", FieldError::field);
        assertThat(errors("{'type':'chat','input':{'text':'a','\\udc00':1}}"))
                .singleElement()
                .returns("body", FieldError::field);
        assertThat(valid("{'type':'chat','input':{'text':'\\ud83d\\ude00'}}").input().toString())
                .contains("😀");
    }

    @Test
    void controlCharactersOfTheInputAreKept() {
        NewTask task = valid("{'type':'chat','input':{'text':'a\\u0000\\u001bb'}}");

        assertThat(task.input().get("text").stringValue()).isEqualTo("a\u0000\u001bb");
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] json = "{\"type\":\"chat\",\"input\":{\"text\":\"??\"}}".getBytes();
        json[json.length - 5] = (byte) 0xC3;

        assertThat(parser.parse(json, ORIGIN)).isInstanceOf(ParsedTask.Invalid.class);
    }

    @Test
    void numbersThatCannotBeKeptAreRefused() {
        assertThat(errors("{'type':'chat','input':{'text':'a','n':1e999}}"))
                .singleElement()
                .returns("/input/n", FieldError::field);
    }

    @Test
    void nestingIsLimited() {
        String deep = "[".repeat(99) + "]".repeat(99);

        assertThat(errors("{'type':'chat','input':{'text':'a','x':" + deep + "}}"))
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("up to 100"));
        valid("{'type':'chat','input':{'text':'a','x':" + deep.substring(1, 197) + "}}");
    }

    @Test
    void metadataIsLimited() {
        StringBuilder pairs = new StringBuilder("'k':'v'");
        for (int i = 0; i < 16; i++) {
            pairs.append(",'k").append(i).append("':'v'");
        }
        String task = "{'type':'chat','input':{'text':'a'},'metadata':{%s}}";

        assertThat(errors(task.formatted(pairs)))
                .extracting(FieldError::field)
                .contains("/metadata");
        assertThat(errors(task.formatted("'" + "k".repeat(65) + "':'v'"))).isNotEmpty();
        assertThat(errors(task.formatted("'k':'" + "v".repeat(513) + "'"))).isNotEmpty();
        valid(task.formatted("'" + "k".repeat(64) + "':'" + "v".repeat(512) + "'"));
    }

    @Test
    void conversationIsLimited() {
        String task = "{'type':'chat','input':{'text':'a'},'conversation':'%s'}";

        valid(task.formatted("c".repeat(200)));
        assertThat(errors(task.formatted("c".repeat(201)))).isNotEmpty();
    }

    @Test
    void messageMayBeTheInputAlone() {
        ParsedTask parsed = parser.parse(bytes("{'text':'Hello, world!'}"), "chat", "any", ORIGIN);

        assertThat(((ParsedTask.Valid) parsed).task().input().get("text").stringValue())
                .isEqualTo("Hello, world!");
    }

    @Test
    void messageMayHaveAnInputThatHasAnInput() {
        ParsedTask parsed = parser.parse(bytes("{'input':['a','b']}"), "embed", "any", ORIGIN);

        assertThat(((ParsedTask.Valid) parsed).task().input().get("input").size()).isEqualTo(2);
    }

    @Test
    void messageMayBeAWholeRequestAndItsFieldsCountMoreThanItsKey() {
        ParsedTask parsed =
                parser.parse(
                        bytes("{'input':{'text':'a'},'priority':'low','target':'gpus'}"),
                        "chat",
                        "any",
                        ORIGIN);

        NewTask task = ((ParsedTask.Valid) parsed).task();
        assertThat(task.type()).isEqualTo("chat");
        assertThat(task.target()).isEqualTo("gpus");
        assertThat(task.priority()).isEqualTo(Priority.LOW);
    }

    private NewTask valid(String json) {
        ParsedTask parsed = parser.parse(bytes(json), ORIGIN);
        assertThat(parsed).isInstanceOf(ParsedTask.Valid.class);
        return ((ParsedTask.Valid) parsed).task();
    }

    private List<FieldError> errors(String json) {
        ParsedTask parsed = parser.parse(bytes(json), ORIGIN);
        assertThat(parsed).isInstanceOf(ParsedTask.Invalid.class);
        return ((ParsedTask.Invalid) parsed).errors();
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
