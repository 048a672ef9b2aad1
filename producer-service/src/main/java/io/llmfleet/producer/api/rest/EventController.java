package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.EventWriter;
import io.llmfleet.producer.event.Position;
import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.event.TaskStreams;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Streams what happens to a task; a reader that is gone is no error. */
@RestController
class EventController implements EventApi {

    private static final Logger log = LoggerFactory.getLogger(EventController.class);

    private final Tasks tasks;
    private final TaskStreams streams;
    private final StreamProperties properties;

    EventController(Tasks tasks, TaskStreams streams, StreamProperties properties) {
        this.tasks = tasks;
        this.streams = streams;
        this.properties = properties;
    }

    @Override
    public void follow(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response)
            throws IOException {
        UUID task = PathId.require("task", id);
        Position after = after(lastEventId);
        try (TaskFollower follower = streams.follow(caller.tenant(), task, after)) {
            TaskView now =
                    tasks.find(caller.tenant(), task)
                            .orElseThrow(() -> BadRequestException.unknown("task", id));
            if (now.state().isFinal() && after.equals(Position.ofFinal(now))) {
                response.setStatus(HttpStatus.NO_CONTENT.value());
                return;
            }
            follower.know(now);
            write(EventWriter.open(response), follower, after, now);
        }
    }

    private void write(EventWriter out, TaskFollower follower, Position after, TaskView now) {
        try {
            if (after.equals(Position.START) && !now.state().isFinal()) {
                out.send(null, EventJson.STATE, Json.write(EventJson.State.of(now)));
            }
            while (!follower.isOver()) {
                Optional<StreamItem> item = follower.next(properties.keepAlive());
                if (item.isPresent()) {
                    send(out, item.get());
                } else {
                    out.keepAlive();
                }
            }
        } catch (IOException e) {
            log.debug("a reader of task {} is gone: {}", now.id(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(EventWriter out, StreamItem item) throws IOException {
        String id = item.position().toString();
        switch (item) {
            case StreamItem.Moved moved ->
                    out.send(id, EventJson.STATE, Json.write(EventJson.State.of(moved)));
            case StreamItem.Piece piece ->
                    out.send(id, EventJson.DELTA, Json.write(EventJson.Delta.of(piece)));
            case StreamItem.Restarted restarted ->
                    out.send(
                            id,
                            EventJson.RESTARTED,
                            Json.write(new EventJson.Restarted(item.position().attempt())));
            case StreamItem.Gap gap ->
                    out.send(id, EventJson.GAP, Json.write(EventJson.Gap.of(gap)));
            case StreamItem.Ended ended ->
                    out.send(id, EventJson.FINAL, Json.write(TaskJson.of(ended.task())));
        }
    }

    private static Position after(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return Position.START;
        }
        return Position.parse(lastEventId)
                .orElseThrow(
                        () ->
                                BadRequestException.of(
                                        "Last-Event-ID",
                                        "is no id of this stream; accepted: the id of an event, as"
                                                + " in 1.1.7"));
    }
}
