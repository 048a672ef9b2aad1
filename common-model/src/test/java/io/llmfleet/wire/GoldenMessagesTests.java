package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is on the wire of a running fleet stays readable: a file here is never changed, only joined
 * by another one.
 */
class GoldenMessagesTests {

    @ParameterizedTest
    @MethodSource("bodies")
    void bodyIsReadAsItWas(String file) {
        Object expected = GoldenMessages.bodies().get(file);

        assertThat((Object) Json.read(bytes(file), expected.getClass())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodyIsWrittenAsItWas(String file) {
        assertThat(Json.tree(Json.bytes(GoldenMessages.bodies().get(file)))).isEqualTo(file(file));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void fieldsOfANewerMinorVersionAreIgnored(String file) {
        Object expected = GoldenMessages.bodies().get(file);
        String newer =
                new String(bytes(file), StandardCharsets.UTF_8)
                        .replaceFirst("\\{", "{\"new\": 1, \"more\": {\"kind\": \"x\"},");

        assertThat((Object) Json.read(newer.getBytes(StandardCharsets.UTF_8), expected.getClass()))
                .isEqualTo(expected);
    }

    /** Workers are upgraded first, so a producer meets codes that it does not know. */
    @Test
    void failureCodeOfANewerMinorVersionIsReadAsInternal() {
        ObjectNode newer = ((ObjectNode) file("reply-failed")).put("code", "MOON_PHASE");

        Failure failure = Json.read(Json.bytes(newer), Failure.class);

        assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
        assertThat(failure.message()).isEqualTo("the backend asks to come later");
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void envelopeIsReadAsItWas(String file) {
        assertThat(Envelope.fromHeaders(headers(file)))
                .isEqualTo(GoldenMessages.envelopes().get(file));
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void envelopeIsWrittenAsItWas(String file) {
        JsonNode written = Json.tree(Json.bytes(GoldenMessages.envelopes().get(file).toHeaders()));

        assertThat(written).isEqualTo(file(file));
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void headersOfANewerMinorVersionAreIgnored(String file) {
        Map<String, Object> headers = headers(file);
        headers.put(Headers.VERSION, "1.17");
        headers.put("llm-something-new", "x");
        headers.put("x-delivery-count", 3L);

        assertThat(Envelope.fromHeaders(headers)).isEqualTo(GoldenMessages.envelopes().get(file));
    }

    /** Other languages' clients write numbers as they like. */
    @ParameterizedTest
    @MethodSource("envelopes")
    void headersMayBeTexts(String file) {
        Map<String, Object> texts = new LinkedHashMap<>();
        headers(file).forEach((name, value) -> texts.put(name, value.toString()));

        assertThat(Envelope.fromHeaders(texts)).isEqualTo(GoldenMessages.envelopes().get(file));
    }

    @Test
    void envelopeOfANewerMajorVersionSaysHowItMayWait() {
        Map<String, Object> headers = headers("envelope-accepted");
        headers.put(Headers.VERSION, "2.0");
        headers.remove(Headers.TASK_ID);
        Instant deadline = GoldenMessages.envelopes().get("envelope-accepted").deadline();

        assertThatThrownBy(() -> Envelope.fromHeaders(headers))
                .isInstanceOfSatisfying(
                        NewerVersionException.class,
                        e -> {
                            assertThat(e.ingressKey(deadline.minusMillis(1)))
                                    .contains("high.chat.gpt-4.1");
                            assertThat(e.ingressKey(deadline)).isEmpty();
                        })
                .hasMessageContaining("2.0")
                .hasMessageContaining("accepted: 1.x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9", "-1", "", "one", "99999999999.0"})
    void versionThatNeverWasIsUnreadable(String version) {
        Map<String, Object> headers = headers("envelope-accepted");
        headers.put(Headers.VERSION, version);

        assertThatThrownBy(() -> Envelope.fromHeaders(headers))
                .isInstanceOf(UnreadableMessageException.class)
                .isNotInstanceOf(NewerVersionException.class)
                .hasMessageContaining("accepted: 1.x");
    }

    @ParameterizedTest
    @CsvSource({
        "llm-version",
        "llm-task-id",
        "llm-type",
        "llm-target",
        "llm-priority",
        "llm-tenant",
        "llm-epoch",
        "llm-attempt",
        "llm-max-attempts",
        "llm-created-at",
        "llm-deadline",
        "llm-call-limit"
    })
    void missingHeaderIsNamed(String header) {
        Map<String, Object> headers = headers("envelope-routed");
        headers.remove(header);

        assertThatThrownBy(() -> Envelope.fromHeaders(headers))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessageContaining(header);
    }

    static Stream<String> bodies() {
        return GoldenMessages.bodies().keySet().stream();
    }

    static Stream<String> envelopes() {
        return GoldenMessages.envelopes().keySet().stream();
    }

    private static Map<String, Object> headers(String name) {
        Map<String, Object> headers = new LinkedHashMap<>();
        file(name)
                .properties()
                .forEach(
                        h ->
                                headers.put(
                                        h.getKey(),
                                        h.getValue().isNumber()
                                                ? h.getValue().numberValue()
                                                : h.getValue().asString()));
        return headers;
    }

    private static JsonNode file(String name) {
        return Json.tree(bytes(name));
    }

    private static byte[] bytes(String name) {
        String path = "/golden/" + name + ".json";
        try (InputStream in = GoldenMessagesTests.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
