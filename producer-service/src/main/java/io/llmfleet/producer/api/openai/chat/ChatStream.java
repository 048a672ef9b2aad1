package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.EventWriter;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * One stream of chunks. It begins with the first piece, so that what fails before is answered with
 * a status; and it ends after the final state was stored, so that what a reader has is never lost.
 */
final class ChatStream implements ChatStreams.Writer {

    private final Chunks chunks;
    private final HttpServletResponse response;
    private final JoinedText text = new JoinedText();
    private @Nullable EventWriter out;
    private boolean saidMore;
    private boolean broken;

    ChatStream(Chunks chunks, HttpServletResponse response) {
        this.chunks = chunks;
        this.response = response;
    }

    @Override
    public boolean write(TaskFollower follower, Duration keepAlive)
            throws IOException, InterruptedException {
        while (!follower.isOver() && !broken) {
            Optional<StreamItem> item = follower.next(keepAlive);
            if (item.isPresent()) {
                tell(item.get());
            } else if (!follower.isOver()) {
                out().keepAlive();
            }
        }
        if (follower.isCutOff() && !broken) {
            breakOff(OpenAiException.replicaStops());
        }
        return !broken;
    }

    private void tell(StreamItem item) throws IOException {
        switch (item) {
            case StreamItem.Piece piece -> say(piece);
            case StreamItem.Restarted restarted -> startAnew();
            case StreamItem.Ended ended -> end(ended.task());
            case StreamItem.Moved moved -> {}
            case StreamItem.Gap gap -> {
                // The end has the whole.
            }
        }
    }

    private void say(StreamItem.Piece piece) throws IOException {
        if (piece.text() != null) {
            tellText(text.add(piece.text()));
        } else if (piece.choices() != null) {
            saidMore = true;
            send(chunks.choices(Json.tree(piece.choices().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private void tellText(Optional<String> more) throws IOException {
        if (more.isEmpty()) {
            breakOff(restarted());
        } else if (!more.get().isEmpty()) {
            send(chunks.text(more.get()));
        }
    }

    /** Only a text can go on in another attempt. */
    private void startAnew() throws IOException {
        text.startAnew();
        if (saidMore) {
            breakOff(restarted());
        }
    }

    private void end(TaskView task) throws IOException {
        try {
            OpenAiTasks.requireSucceeded(task);
        } catch (OpenAiException e) {
            if (out == null) {
                throw e;
            }
            send(Json.MAPPER.valueToTree(e.body()));
            return;
        }
        tellText(text.end(chunks.text(task)));
        if (!broken) {
            for (JsonNode chunk : chunks.end(task)) {
                out().add(null, null, chunk.toString());
            }
            out().add(null, null, "[DONE]");
        }
    }

    private static OpenAiException restarted() {
        return new OpenAiException(
                HttpStatus.BAD_GATEWAY,
                "server_error",
                null,
                "stream_restarted",
                "The answer broke off and another attempt began with other words; ask again.",
                null,
                true);
    }

    /**
     * @throws OpenAiException that error, if nothing was written yet
     */
    private void breakOff(OpenAiException error) throws IOException {
        broken = true;
        if (out == null) {
            throw error;
        }
        send(Json.MAPPER.valueToTree(error.body()));
    }

    private void send(JsonNode chunk) throws IOException {
        out().send(null, null, chunk.toString());
    }

    private EventWriter out() throws IOException {
        EventWriter open = out;
        if (open == null) {
            open = EventWriter.begin(response);
            out = open;
        }
        return open;
    }
}
