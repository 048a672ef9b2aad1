package io.llmfleet.producer.api.openai;

import io.llmfleet.model.Failure;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.Submissions;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.TaskWaiters;
import io.llmfleet.producer.task.WebhookKind;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a request's tasks, waits for them, and says why one failed. */
public final class OpenAiTasks {

    static final String TASK_ID = "x-fleet-task-id";

    /** The store ends a task at its deadline a little later. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final TaskRequestParser parser;
    private final Submissions submissions;
    private final Cancellation cancellation;
    private final TaskWaiters waiters;
    private final Duration limit;

    OpenAiTasks(
            TaskRequestParser parser,
            Submissions submissions,
            Cancellation cancellation,
            TaskWaiters waiters,
            OpenAiProperties properties) {
        this.parser = parser;
        this.submissions = submissions;
        this.cancellation = cancellation;
        this.waiters = waiters;
        this.limit = properties.requestLimit();
    }

    /**
     * A task for a request; one that nobody can come back to lives as long as its caller waits.
     *
     * @throws OpenAiException if the input does not fit its type
     */
    public NewTask of(ApiRequest request, String type, String target, JsonNode input) {
        ObjectNode task = Json.MAPPER.createObjectNode();
        task.put("type", type).put("target", target).set("input", input);
        return of(request, task, WebhookKind.TASK, request.key().isPresent());
    }

    /**
     * Like {@link #of(ApiRequest, String, String, JsonNode)}, of more than an input.
     *
     * @param task fields of a task
     * @param goesOn whether it lives on although its caller does not wait
     */
    public NewTask of(
            ApiRequest request, ObjectNode task, WebhookKind announcedAs, boolean goesOn) {
        if (!goesOn) {
            task.put("deadline", limit.toString());
        }
        if (request.priority() != null) {
            task.put("priority", request.priority());
        }
        if (request.conversation() != null) {
            task.put("conversation", request.conversation());
        }
        if (request.delegation() != null) {
            task.set("delegation", DelegationHeader.read(request.delegation()));
        }
        TaskOrigin origin =
                TaskOrigin.of(
                                request.caller().tenant(),
                                request.caller().key(),
                                request.traceParent())
                        .announcedAs(announcedAs);
        return valid(parser.parse(task, origin));
    }

    /**
     * A task for a line of a batch.
     *
     * @throws OpenAiException if the input does not fit its type
     */
    public NewTask of(BatchEndpoint.Asked asked, TaskOrigin origin, Instant deadline) {
        ObjectNode task = Json.MAPPER.createObjectNode();
        task.put("type", asked.type()).put("target", asked.target()).set("input", asked.input());
        task.put("priority", Priority.LOW.wire()).put("deadline", deadline.toString());
        return valid(parser.parse(task, origin));
    }

    private static NewTask valid(ParsedTask parsed) {
        return switch (parsed) {
            case ParsedTask.Valid valid -> valid.task();
            case ParsedTask.Invalid invalid -> throw refused(invalid.errors().getFirst());
        };
    }

    /** Submits without waiting. */
    public TaskView submit(NewTask task, Optional<OnceKey> key, HttpServletResponse response) {
        return noted(submissions.submit(task, key), response);
    }

    /**
     * Waits for the task.
     *
     * @throws OpenAiException if it failed, or is not final in time
     */
    public TaskView await(NewTask task, Optional<OnceKey> key, HttpServletResponse response) {
        return requireDone(
                noted(submissions.submitAndAwait(task, key, limit.plus(SLACK)), response));
    }

    /**
     * Waits for a task that was submitted.
     *
     * @throws OpenAiException if it failed, or is not final in time
     */
    public TaskView await(TaskView submitted) {
        return requireDone(submissions.await(submitted, limit.plus(SLACK)));
    }

    private TaskView requireDone(TaskView task) {
        if (isCutOff(task)) {
            throw OpenAiException.replicaStops();
        }
        return requireSucceeded(task);
    }

    /** Whether its wait ended because the replica stops. */
    private boolean isCutOff(TaskView task) {
        return waiters.isStopping() && !task.state().isFinal();
    }

    /**
     * Submits several tasks of one request and waits for all of them; if one fails the others are
     * cancelled.
     *
     * @return in the order of the tasks
     * @throws OpenAiException if one failed, or is not final in time
     */
    public List<TaskView> awaitAll(
            List<NewTask> all, Optional<OnceKey> key, HttpServletResponse response) {
        List<TaskView> submitted = submitAll(all, key, response);
        try {
            return submitted.stream().map(this::await).toList();
        } catch (OpenAiException e) {
            // A replica that stops cancels nothing.
            if (!waiters.isStopping()) {
                submitted.forEach(t -> cancellation.cancel(t.tenant(), t.id()));
            }
            throw e;
        }
    }

    /**
     * All of them, or none: those of a request with a key it takes up again when it comes again.
     */
    private List<TaskView> submitAll(
            List<NewTask> all, Optional<OnceKey> key, HttpServletResponse response) {
        List<TaskView> submitted = new ArrayList<>();
        try {
            for (NewTask task : all) {
                submitted.add(submit(task, part(key, submitted.size()), response));
            }
        } catch (RuntimeException e) {
            if (key.isEmpty()) {
                submitted.forEach(t -> cancellation.cancel(t.tenant(), t.id()));
            }
            throw e;
        }
        return submitted;
    }

    private static Optional<OnceKey> part(Optional<OnceKey> key, int number) {
        return key.map(k -> new OnceKey(k.key() + "#" + number, k.fingerprint()));
    }

    private static TaskView noted(Submissions.Submitted submitted, HttpServletResponse response) {
        response.setHeader(TASK_ID, submitted.task().id().toString());
        if (submitted.replayed()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        return submitted.task();
    }

    /**
     * @throws OpenAiException if the task has no result
     */
    public static TaskView requireSucceeded(TaskView task) {
        if (task.result() != null) {
            return task;
        }
        Failure failure = task.failure();
        if (failure == null) {
            throw new OpenAiException(
                    HttpStatus.GATEWAY_TIMEOUT,
                    "server_error",
                    null,
                    "timeout",
                    "The task goes on; its result will be at /api/v1/tasks/" + task.id(),
                    null,
                    false);
        }
        FailurePolicy.Answer answer = FailurePolicy.of(failure.code());
        throw new OpenAiException(
                answer.status(),
                answer.type(),
                null,
                answer.code(),
                failure.message(),
                null,
                false);
    }

    /** The result's output. */
    public static ObjectNode output(TaskView task) {
        byte[] result = task.result();
        if (result == null) {
            throw new IllegalStateException("task " + task.id() + " has no result");
        }
        return (ObjectNode) Json.tree(result).path("output");
    }

    private static OpenAiException refused(FieldError error) {
        String param = error.field().replaceFirst("^/?(input/?)?", "").replace('/', '.');
        String name = param.isEmpty() ? "The body" : param;
        return OpenAiException.invalid(
                param.isEmpty() ? null : param, "invalid_value", name + " " + error.message());
    }
}
