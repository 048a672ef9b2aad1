package io.llmfleet.worker.backend;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.UnreadableMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Reads a streamed chat completion to its end, and passes its pieces on as they come. */
final class OpenAiStream {

    /** The whole completion, or why there is none. */
    sealed interface Read {

        record Complete(JsonNode completion) implements Read {}

        record Failed(Failure failure) implements Read {}
    }

    private static final String DONE = "[DONE]";

    private final String backend;
    private final DeltaSink deltas;
    private final ChunkAssembler assembler = new ChunkAssembler();

    OpenAiStream(String backend, DeltaSink deltas) {
        this.backend = backend;
        this.deltas = deltas;
    }

    /**
     * @param limit how many bytes are read at most
     * @throws IOException if the connection broke
     */
    Read read(InputStream in, long limit) throws IOException {
        ServerSentEvents events = new ServerSentEvents(in, limit);
        String data = events.next();
        while (data != null && !data.equals(DONE)) {
            JsonNode chunk;
            try {
                chunk = Json.tree(data.getBytes(StandardCharsets.UTF_8));
            } catch (UnreadableMessageException e) {
                return failed(FailureCode.OUTPUT_INVALID, "streamed something that is not JSON");
            }
            if (chunk.path("error").isObject()) {
                return failed(FailureCode.BACKEND_ERROR, "failed in the middle of its answer");
            }
            assembler.add(chunk);
            if (!chunk.path("choices").isEmpty()) {
                deltas.add(chunk.get("choices"));
            }
            data = events.next();
        }
        return data == null && !assembler.finished()
                ? failed(FailureCode.BACKEND_UNAVAILABLE, "broke off in the middle of its answer")
                : new Read.Complete(assembler.completion());
    }

    private Read failed(FailureCode code, String what) {
        return new Read.Failed(Failure.of(code, "backend '" + backend + "' " + what));
    }
}
