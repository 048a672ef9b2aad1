package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.EventWriter;
import io.llmfleet.producer.event.Position;
import io.llmfleet.producer.event.StreamItem;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.event.TaskStreams;
import io.llmfleet.producer.queue.QueuePlaces;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Streams what happens to a task; a reader that is gone is no error. */
@RestController
class EventController implements EventApi {

    private static final Logger log = LoggerFactory.getLogger(EventController.class);

    private final Tasks tasks;
    private final TaskStreams streams;
    private final StreamProperties properties;
    private final QueuePlaces places;

    EventController(
            Tasks tasks, TaskStreams streams, StreamProperties properties, QueuePlaces places) {
        this.tasks = tasks;
        this.streams = streams;
        this.properties = properties;
        this.places = places;
    }

    @Override
    public void follow(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(name = EventJson.QUEUE, required = false) @Nullable String queue,
            HttpServletResponse response)
            throws IOException {
        UUID task = PathId.require("task", id);
        Position after = after(lastEventId);
        boolean inLine = flag(queue);
        try (TaskFollower follower = streams.follow(caller.tenant(), task, after)) {
            TaskView now =
                    tasks.find(caller.tenant(), task)
                            .orElseThrow(() -> BadRequestException.unknown("task", id));
            if (now.state().isFinal() && after.equals(Position.ofFinal(now))) {
                response.setStatus(HttpStatus.NO_CONTENT.value());
                return;
            }
            follower.know(now);
            QueueEvents places = inLine ? new QueueEvents(this.places, now) : null;
            write(EventWriter.open(response), follower, after, now, places);
        }
    }

    /**
     * @param queue null for a reader that did not ask for it
     */
    private void write(
            EventWriter out,
            TaskFollower follower,
            Position after,
            TaskView now,
            @Nullable QueueEvents queue) {
        try {
            if (after.equals(Position.START) && !now.state().isFinal()) {
                out.send(null, EventJson.STATE, Json.write(EventJson.State.of(now)));
            }
            if (queue == null) {
                writeItems(out, follower);
            } else {
                writeItemsAndPlaces(out, follower, queue);
            }
        } catch (IOException e) {
            log.debug("a reader of task {} is gone: {}", now.id(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeItems(EventWriter out, TaskFollower follower)
            throws IOException, InterruptedException {
        while (!follower.isOver()) {
            Optional<StreamItem> item = follower.next(properties.keepAlive());
            if (item.isPresent()) {
                send(out, item.get());
            } else {
                out.keepAlive();
            }
        }
    }

    /** A place has no id: who comes back is told it anew, and the ids of the rest stay in order. */
    private void writeItemsAndPlaces(EventWriter out, TaskFollower follower, QueueEvents queue)
            throws IOException, InterruptedException {
        Instant silentSince = Instant.now();
        while (!follower.isOver()) {
            Optional<StreamItem> item = follower.next(queue.pause(properties.keepAlive()));
            if (item.isPresent()) {
                queue.heard(item.get());
                send(out, item.get());
                silentSince = Instant.now();
                continue;
            }
            Optional<QueueJson> place = queue.next();
            if (place.isPresent()) {
                out.send(null, EventJson.QUEUE, Json.write(place.get()));
                silentSince = Instant.now();
            } else if (!Instant.now().isBefore(silentSince.plus(properties.keepAlive()))) {
                out.keepAlive();
                silentSince = Instant.now();
            }
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

    private static boolean flag(@Nullable String queue) {
        return switch (queue) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw BadRequestException.of(
                            EventJson.QUEUE, "is neither; accepted: true or false");
        };
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
