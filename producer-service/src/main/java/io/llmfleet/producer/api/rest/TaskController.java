package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.api.CallerLimits;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.Submissions;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.queue.QueuePlaces;
import io.llmfleet.producer.queue.Waiter;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskFilter;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Accepts tasks and shows them. */
@RestController
class TaskController implements TaskApi {

    private static final String PREFERENCE_APPLIED = "Preference-Applied";

    private final Tasks tasks;
    private final Submissions submissions;
    private final TaskRequestParser parser;
    private final Cancellation cancellation;
    private final QueuePlaces places;

    TaskController(
            Tasks tasks,
            Submissions submissions,
            TaskRequestParser parser,
            Cancellation cancellation,
            QueuePlaces places) {
        this.tasks = tasks;
        this.submissions = submissions;
        this.parser = parser;
        this.cancellation = cancellation;
        this.places = places;
    }

    @Override
    public ResponseEntity<TaskJson> submit(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable String idempotencyKey,
            HttpServletRequest request)
            throws IOException {
        byte[] body = Bodies.read(request);
        Optional<OnceKey> key = key(idempotencyKey, body);
        TaskOrigin origin =
                TaskOrigin.of(
                                caller.tenant(),
                                caller.key(),
                                Spans.ofRequest(request.getHeader(Headers.TRACE_PARENT)))
                        .nestedUpTo(CallerLimits.jsonDepth(request));
        NewTask task =
                switch (parser.parse(body, origin)) {
                    case ParsedTask.Valid valid -> valid.task();
                    case ParsedTask.Invalid invalid ->
                            throw BadRequestException.of(invalid.errors());
                };
        Optional<Duration> wait = PreferHeader.waitOf(prefer);
        Submissions.Submitted submitted =
                wait.isEmpty()
                        ? submissions.submit(task, key)
                        : submissions.submitAndAwait(task, key, wait.get());
        return answer(submitted, wait);
    }

    private static Optional<OnceKey> key(@Nullable String header, byte[] body) {
        try {
            return IdempotencyKey.read(header, "POST /api/v1/tasks", body);
        } catch (IllegalArgumentException e) {
            throw BadRequestException.of(IdempotencyKey.HEADER, String.valueOf(e.getMessage()));
        }
    }

    private static ResponseEntity<TaskJson> answer(
            Submissions.Submitted submitted, Optional<Duration> wait) {
        TaskView now = submitted.task();
        boolean done = wait.isPresent() && now.state().isFinal();
        ResponseEntity.BodyBuilder answer =
                done
                        ? ResponseEntity.ok()
                                .header(PREFERENCE_APPLIED, PreferHeader.applied(wait.get()))
                        : ResponseEntity.accepted()
                                .location(URI.create("/api/v1/tasks/" + now.id()));
        if (submitted.replayed()) {
            answer.header(IdempotencyKey.REPLAYED, "true");
        }
        return answer.body(TaskJson.of(now));
    }

    @Override
    public ResponseEntity<TaskJson> get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer) {
        UUID task = PathId.require("task", id);
        Optional<Duration> wait = PreferHeader.waitOf(prefer);
        Optional<TaskView> found =
                wait.isPresent()
                        ? tasks.await(caller.tenant(), task, wait.get())
                        : tasks.find(caller.tenant(), task);
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        wait.ifPresent(w -> answer.header(PREFERENCE_APPLIED, PreferHeader.applied(w)));
        TaskView now = found.orElseThrow(() -> BadRequestException.unknown("task", id));
        Optional<QueueJson> queue = Waiter.of(now).map(places::of).map(QueueJson::of);
        return answer.body(TaskJson.of(now, queue.orElse(null)));
    }

    @Override
    public byte[] input(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return tasks.input(caller.tenant(), PathId.require("task", id))
                .orElseThrow(() -> BadRequestException.unknown("task with content", id));
    }

    @Override
    public TaskPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        TaskFilter filter = TaskListQuery.read(caller.tenant(), request.getParameterMap());
        return TaskPage.of(filter, tasks.list(filter));
    }

    @Override
    public TaskJson cancel(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return TaskJson.of(cancelled(caller, id));
    }

    @Override
    public ResponseEntity<Void> delete(
            @AuthenticationPrincipal Caller caller, @PathVariable String id) {
        tasks.erase(caller.tenant(), cancelled(caller, id).id());
        return ResponseEntity.noContent().build();
    }

    private TaskView cancelled(Caller caller, String id) {
        return cancellation
                .cancel(caller.tenant(), PathId.require("task", id))
                .orElseThrow(() -> BadRequestException.unknown("task", id));
    }
}
