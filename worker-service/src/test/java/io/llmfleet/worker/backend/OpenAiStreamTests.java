package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.model.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiStreamTests {

    private static final String HELLO =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    private final List<JsonNode> said = new ArrayList<>();

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
        assertThat(said).hasSize(3);
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
        DeltaSink sink =
                new DeltaSink() {
                    @Override
                    public boolean wanted() {
                        return true;
                    }

                    @Override
                    public void add(JsonNode choices) {
                        said.add(choices);
                    }

                    @Override
                    public void startAnew() {}
                };
        return new OpenAiStream("test", sink)
                .read(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)), 1_000);
    }

    private static FailureCode failure(OpenAiStream.Read read) {
        return ((OpenAiStream.Read.Failed) read).failure().code();
    }
}
