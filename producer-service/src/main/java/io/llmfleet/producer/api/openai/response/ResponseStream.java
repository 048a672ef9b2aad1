package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.EventWriter;
import io.llmfleet.producer.api.openai.chat.ChatStreams;
import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One stream of a response's events. It begins at once, so that its reader knows the response's id
 * and may come back; and it ends after the final state was stored.
 */
final class ResponseStream implements ChatStreams.Writer {

    private static final String BROKE_OFF =
            "The answer broke off and another attempt began with other words, or it is not known"
                    + " how it began; get the response, or stream it from the start.";

    private static final String STOPS = "This replica stops; try again.";

    private final UUID task;
    private final ObjectNode request;
    private final HttpServletResponse response;
    private final ResponseTeller teller;
    private ResponseScript script;
    private long attempt;
    private @Nullable TaskView failed;

    /**
     * @param after the last event that the reader has; null if it has none
     */
    ResponseStream(
            UUID task,
            ObjectNode request,
            @Nullable ResponseNumber after,
            HttpServletResponse response) {
        this.task = task;
        this.request = request;
        this.response = response;
        this.teller = new ResponseTeller(after);
        this.script = new ResponseScript(task, request, teller::add);
    }

    @Override
    public boolean write(TaskFollower follower, Duration keepAlive)
            throws IOException, InterruptedException {
        EventWriter out = EventWriter.open(response);
        try {
            tell(out, follower);
            while (!follower.isOver()) {
                Optional<StreamItem> item = follower.next(keepAlive);
                item.ifPresent(this::hear);
                if (item.isPresent()) {
                    tell(out, follower);
                } else if (!follower.isOver()) {
                    out.keepAlive();
                }
            }
            if (follower.isCutOff()) {
                send(out, teller.aside(error("replica_stopping", STOPS)));
                return false;
            }
            return true;
        } catch (ResponseTeller.BrokenOffException e) {
            send(out, teller.aside(error("stream_restarted", BROKE_OFF)));
            return false;
        }
    }

    /** Hears first what else is there, so that nothing is told that is void already. */
    private void tell(EventWriter out, TaskFollower follower)
            throws IOException, InterruptedException, ResponseTeller.BrokenOffException {
        Optional<StreamItem> item = follower.next(Duration.ZERO);
        while (item.isPresent()) {
            hear(item.get());
            item = follower.next(Duration.ZERO);
        }
        TaskView task = failed;
        List<ObjectNode> events =
                task == null
                        ? teller.next()
                        : teller.end(failure(task), ResponseNumber.attempt(task));
        for (ObjectNode event : events) {
            send(out, event);
        }
    }

    private void hear(StreamItem item) {
        switch (item) {
            case StreamItem.Piece piece -> say(piece);
            case StreamItem.Restarted restarted ->
                    startAnew(ResponseNumber.attempt(restarted.position()));
            case StreamItem.Ended ended -> end(ended.task());
            case StreamItem.Moved moved -> {
                // It is in progress for its reader from the start.
            }
            case StreamItem.Gap gap -> {
                // The end has the whole.
            }
        }
    }

    private void say(StreamItem.Piece piece) {
        long said = ResponseNumber.attempt(piece.position());
        if (said != attempt) {
            startAnew(said);
        }
        if (piece.text() != null) {
            script.text(piece.text());
        } else if (piece.choices() != null) {
            script.choices(Json.tree(piece.choices().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void end(TaskView ended) {
        if (ended.result() == null) {
            failed = ended;
        } else {
            startAnew(ResponseNumber.attempt(ended));
            script.whole(ended, request);
        }
    }

    private void startAnew(long nextAttempt) {
        attempt = nextAttempt;
        teller.startAnew(nextAttempt);
        script = new ResponseScript(task, request, teller::add);
    }

    private ObjectNode failure(TaskView ended) {
        ObjectNode event = Json.MAPPER.createObjectNode().put("type", "response.failed");
        event.set("response", ResponseJson.of(ended, request));
        return event;
    }

    private static ObjectNode error(String code, String message) {
        ObjectNode event = Json.MAPPER.createObjectNode().put("type", "error");
        event.put("code", code).put("message", message).putNull("param");
        return event;
    }

    private static void send(EventWriter out, ObjectNode event) throws IOException {
        out.send(null, event.path("type").asString(""), event.toString());
    }
}
