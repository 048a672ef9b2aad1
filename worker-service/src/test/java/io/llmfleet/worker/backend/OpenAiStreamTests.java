package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.model.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OpenAiStreamTests {

    private static final String HELLO =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    private final GatheredDeltas said = new GatheredDeltas();

    @Test
    void passesPiecesOnAndGivesTheWhole() throws IOException {
        OpenAiStream.Read read = read(": hi\n\n" + HELLO + HELLO + STOP + "data: [DONE]\n\n");

        assertThat(read)
                .isInstanceOfSatisfying(
                        OpenAiStream.Read.Complete.class,
                        c ->
                                assertThat(
                                                c.completion()
                                                        .at("/choices/0/message/content")
                                                        .asString())
                                        .isEqualTo("HelloHello"));
        assertThat(said.texts()).containsExactly("Hello", "Hello", "");
    }

    @Test
    void linesMayEndWithCarriageReturns() throws IOException {
        assertThat(read((HELLO + STOP + "data:[DONE]\n\n").replace("\n", "\r\n")))
                .isInstanceOf(OpenAiStream.Read.Complete.class);
    }

    @Test
    void aStreamThatEndsAfterItsLastChunkIsWhole() throws IOException {
        assertThat(read(HELLO + STOP)).isInstanceOf(OpenAiStream.Read.Complete.class);
    }

    @Test
    void aStreamThatBreaksOffIsNoAnswer() throws IOException {
        assertThat(failure(read(HELLO))).isEqualTo(FailureCode.BACKEND_UNAVAILABLE);
        assertThat(failure(read(HELLO + STOP.strip()))).isEqualTo(FailureCode.BACKEND_UNAVAILABLE);
    }

    @Test
    void anErrorInTheMiddleFails() throws IOException {
        assertThat(failure(read(HELLO + "data: {\"error\":{\"message\":\"no\"}}\n\n")))
                .isEqualTo(FailureCode.BACKEND_ERROR);
    }

    @Test
    void whatIsNotJsonFails() throws IOException {
        assertThat(failure(read("data: hello\n\n"))).isEqualTo(FailureCode.OUTPUT_INVALID);
    }

    @Test
    void moreThanTheLimitIsNotRead() {
        assertThatThrownBy(() -> read(HELLO.repeat(100)))
                .isInstanceOf(ServerSentEvents.TooLargeException.class);
    }

    private OpenAiStream.Read read(String stream) throws IOException {
        return new OpenAiStream("test", said)
                .read(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)), 1_000);
    }

    private static FailureCode failure(OpenAiStream.Read read) {
        return ((OpenAiStream.Read.Failed) read).failure().code();
    }
}
