package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.pipeline.run.Problem;
import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.producer.task.WebhookKind;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits planned tasks. Each has its id and a key before, so whoever submits it, and however
 * often, there is one task.
 */
final class CallSubmission {

    private static final Logger log = LoggerFactory.getLogger(CallSubmission.class);

    private final Tasks tasks;
    private final TaskRequestParser parser;
    private final Cancellation cancellation;
    private final JdbcRunStore store;
    private final JdbcWakes wakes;

    CallSubmission(
            Tasks tasks,
            TaskRequestParser parser,
            Cancellation cancellation,
            JdbcRunStore store,
            JdbcWakes wakes) {
        this.tasks = tasks;
        this.parser = parser;
        this.cancellation = cancellation;
        this.store = store;
        this.wakes = wakes;
    }

    /** What the fleet does not take now stays planned. */
    void submit(List<PlannedCall> planned) {
        List<CompletableFuture<Boolean>> submitted = planned.stream().map(this::submit).toList();
        submitted.forEach(s -> s.exceptionally(CallSubmission::later).join());
    }

    private CompletableFuture<Boolean> submit(PlannedCall call) {
        try {
            TaskOrigin origin =
                    TaskOrigin.of(call.run().tenant(), call.run().key(), call.run().traceParent())
                            .inBatch(call.run().id())
                            .announcedAs(WebhookKind.STEP);
            return switch (parser.parse(call.request(), origin)) {
                case ParsedTask.Invalid invalid -> refuse(call, invalid);
                case ParsedTask.Valid valid ->
                        tasks.submitOnce(
                                        valid.task().as(call.task()),
                                        new OnceKey("step:" + call.task(), null))
                                .handleAsync(
                                        (task, e) -> accepted(call, e), Thread::startVirtualThread);
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Boolean> refuse(PlannedCall call, ParsedTask.Invalid invalid) {
        String why =
                invalid.errors().stream()
                        .map(CallSubmission::sentence)
                        .collect(Collectors.joining("; "));
        store.refused(call.task(), new Problem(Problem.INVALID_INPUT, why), Instant.now());
        wakes.add(call.run().id());
        wakes.tell();
        return CompletableFuture.completedFuture(false);
    }

    private static String sentence(FieldError error) {
        return error.field() + " " + error.message();
    }

    private boolean accepted(PlannedCall call, @Nullable Throwable thrown) {
        if (thrown != null && !(unwrapped(thrown) instanceof DuplicateTaskException)) {
            throw new CompletionException(unwrapped(thrown));
        }
        boolean wanted = store.accepted(call.task());
        if (!wanted) {
            drop(call);
        }
        return wanted;
    }

    /** Who deletes a run deletes the tasks that there are; this one came after them. */
    private void drop(PlannedCall call) {
        cancellation.cancel(call.run().tenant(), call.task());
        if (store.isErased(call.run().id())) {
            tasks.erase(call.run().tenant(), call.task());
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }

    private static boolean later(Throwable thrown) {
        log.debug("a step's task waits: {}", thrown.toString());
        return false;
    }
}
