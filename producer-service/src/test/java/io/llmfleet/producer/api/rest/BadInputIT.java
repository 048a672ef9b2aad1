package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a request, its answer names the field and what is accepted. */
class BadInputIT {

    private static final String TENANT = "bad-input";

    private static ProducerUnderTest producer;
    private static String key;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
        producer.announceWorker("model-it");
        key = producer.newKey(TENANT, "user");
    }

    /** Quotes are single here, and INPUT is a good type with a good input. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'chatt','input':{'text':'x'}}              | /type         | chat, classify, embed",
                "{'input':{'text':'x'}}                             | /type         | is required",
                "{'type':7,'input':{'text':'x'}}                    | /type         | must be a string",
                "{'type':'chat'}                                    | /input        | is required",
                "{'type':'chat','input':'x'}                        | /input        | must be a JSON object",
                "{'type':'summarize','input':{'text':7}}            | /input/text   | string",
                "{'type':'summarize','input':{}}                    | /input/text   | required",
                "{'type':'summarize','input':{'text':'x','txt':1}}  | /input/txt    | text",
                "{INPUT,'prompt':'x'}                               | /prompt       | type, input, parameters",
                "{INPUT,'target':'gpt-17'}                          | /target       | any, default, model-it",
                "{INPUT,'target':'not a target'}                    | /target       | must match",
                "{INPUT,'priority':'urgent'}                        | /priority     | high, normal, low",
                "{INPUT,'deadline':'2001-01-01T00:00:00Z'}          | /deadline     | in the future",
                "{INPUT,'deadline':'-PT5M'}                         | /deadline     | PT30M",
                "{INPUT,'deadline':'PT0S'}                          | /deadline     | in the future",
                "{INPUT,'deadline':'soon'}                          | /deadline     | ISO 8601",
                "{INPUT,'deadline':'P60D'}                          | /deadline     | days from now",
                "{INPUT,'deadline':1893456000}                      | /deadline     | must be a string",
                "{INPUT,'callLimit':'PT5H'}                         | /callLimit    | PT2M",
                "{INPUT,'conversation':''}                          | /conversation | 1 to 200",
                "{INPUT,'metadata':{'a':7}}                         | /metadata/a   | string",
                "{INPUT,'metadata':['a']}                           | /metadata     | JSON object",
                "{INPUT,'webhook':'ftp://example.org/x'}            | /webhook      | http",
                "{INPUT,'parameters':'hot'}                         | /parameters   | JSON object",
                "{INPUT                                             | body          | not valid JSON",
                "not json                                           | body          | not valid JSON",
                "{INPUT}{INPUT}                                     | body          | not valid JSON",
                "{INPUT,'type':'embed'}                             | body          | not valid JSON",
                "[{INPUT}]                                          | body          | must be a JSON object",
                "null                                               | body          | must be a JSON object",
                "\"\"                                               | body          | not valid JSON",
            })
    void wrongTaskIsRefusedWithWhatIsAccepted(String json, String field, String accepted) {
        String body =
                json.replace("INPUT", "'type':'chat','input':{'text':'x'}").replace('\'', '"');

        Answer answer = post("/api/v1/tasks", body.getBytes(StandardCharsets.UTF_8), Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames(field, accepted), field + " " + accepted);
        nothingWasAccepted();
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        Answer answer =
                post(
                        "/api/v1/tasks",
                        "{\"type\":\"x\",\"input\":{},\"target\":\"!\",\"priority\":1}".getBytes(),
                        Map.of());

        assertThat(answer)
                .matches(a -> a.blames("/type", "chat"))
                .matches(a -> a.blames("/target", "match"))
                .matches(a -> a.blames("/priority", "string"));
    }

    @Test
    void moreThanFourMebibytesAreTooMuch() {
        byte[] body = new byte[Defaults.MAX_REQUEST_BYTES + 1];
        Arrays.fill(body, (byte) ' ');

        Answer answer = post("/api/v1/tasks", body, Map.of());

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer).matches(a -> a.blames("body", "4194304"));
        nothingWasAccepted();
    }

    @Test
    void taskOfFourMebibytesIsAccepted() {
        String start = "{\"type\":\"chat\",\"input\":{\"text\":\"";
        String text = "x".repeat(Defaults.MAX_REQUEST_BYTES - start.length() - 3);
        String own = producer.newKey("large-input", "user");

        Answer answer =
                producer.request(
                        own, "POST", "/api/v1/tasks", (start + text + "\"}}").getBytes(), Map.of());

        assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    void nestingIsLimited() {
        String deep = "[".repeat(200) + "]".repeat(200);
        String body =
                "{\"type\":\"chat\",\"input\":{\"text\":\"x\"},\"parameters\":{\"a\":"
                        + deep
                        + "}}";

        Answer answer = post("/api/v1/tasks", body.getBytes(), Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames("body", "up to 100 levels"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/tasks,      text/plain,       application/json",
        "/api/v1/tasks,      application/xml,  application/json",
        "/api/v1/tasks/bulk, application/json, application/x-ndjson",
    })
    void wrongContentTypeIsRefused(String path, String type, String accepted) {
        Answer answer = post(path, "{}".getBytes(), Map.of("Content-Type", type));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer).matches(a -> a.blames("Content-Type", accepted));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "after=yesterday     | after  | the value of next",
                "after=1-1-1-1-1     | after  | the value of next",
                "limit=0             | limit  | 1 to 500",
                "limit=501           | limit  | 1 to 500",
                "limit=many          | limit  | 1 to 500",
                "state=DONE          | state  | SUCCEEDED, FAILED, CANCELLED, EXPIRED",
                "batch=x             | batch  | the id of a batch",
                "type=CHAT           | type   | must match",
                "status=FAILED       | status | state, type, target",
                "limit=1&limit=2     | limit  | once",
                "target=%00          | target | U+0000",
            })
    void wrongQueryIsRefused(String query, String field, String accepted) {
        Answer answer = get("/api/v1/tasks?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames(field, accepted), field + " " + accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/v1/tasks/ID",
        "DELETE, /api/v1/tasks/ID",
        "POST,   /api/v1/tasks/ID/cancel",
        "GET,    /api/v1/tasks/x",
        "GET,    /api/v1/batches/ID",
        "GET,    /api/v1/dead-letters/ID",
        "POST,   /api/v1/dead-letters/ID/replay",
    })
    void unknownIdIsNotFound(String method, String path) {
        String id = "01890a5d-ac96-774b-bcce-b302099a8057";

        Answer answer = producer.request(key, method, path.replace("ID", id), null, Map.of());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer).matches(a -> a.blames("id", "accepted: the id of a"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,   /api/v1/tasks,   405, 'POST'",
        "PATCH, /api/v1/batches, 404, ''",
        "GET,   /api/v1/nothing, 404, ''",
    })
    void unknownPathOrMethodIsAProblemToo(String method, String path, int status, String accepted) {
        Answer answer = producer.request(key, method, path, "{}".getBytes(), Map.of());

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.response().body()).contains(accepted);
    }

    private static Answer post(String path, byte[] body, Map<String, String> headers) {
        return producer.request(key, "POST", path, body, headers);
    }

    private static Answer get(String path) {
        return producer.request(key, "GET", path, null, Map.of());
    }

    private static void nothingWasAccepted() {
        assertThat(get("/api/v1/tasks").json().get("items").size()).isZero();
    }
}
