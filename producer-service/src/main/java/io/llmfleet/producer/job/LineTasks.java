package io.llmfleet.producer.job;

import io.llmfleet.producer.batch.NdjsonLines;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.KeyedTask;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes one task of a line, whoever submits it however often: each is submitted under a key of its
 * own.
 */
final class LineTasks {

    private final Tasks tasks;
    private final BatchTasks batchTasks;
    private final BatchApi api;

    LineTasks(Tasks tasks, BatchTasks batchTasks, BatchApi api) {
        this.tasks = tasks;
        this.batchTasks = batchTasks;
        this.api = api;
    }

    /** Which of these lines have a task already, by their number. */
    Map<Integer, UUID> known(Job job, List<JobLine> lines) {
        Map<String, UUID> accepted =
                batchTasks.accepted(
                        job.tenant(), lines.stream().map(l -> key(job, l.number())).toList());
        Map<Integer, UUID> known = new HashMap<>();
        for (JobLine line : lines) {
            UUID task = accepted.get(key(job, line.number()));
            if (task != null) {
                known.put(line.number(), task);
            }
        }
        return known;
    }

    /**
     * Submits a line.
     *
     * @param known its task, if there is one
     * @return fails as {@link Tasks#submit} does
     */
    CompletableFuture<JobLines.Submitted> submit(
            Job job, NdjsonLines.Line line, @Nullable UUID known) {
        int number = line.number();
        try {
            return switch (read(job, line)) {
                case BatchApi.Line.Accepted a ->
                        (known == null
                                        ? submit(job, number, a.task())
                                        : CompletableFuture.completedFuture(known))
                                .thenApply(
                                        id -> new JobLines.Submitted(number, id, a.note(), null));
                case BatchApi.Line.Refused r ->
                        CompletableFuture.completedFuture(
                                known == null
                                        ? refused(number, r.response())
                                        : new JobLines.Submitted(number, known, null, null));
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A line that went wrong for no fault of its own. */
    JobLines.Submitted broken(int line) {
        return refused(line, api.internalError());
    }

    private BatchApi.Line read(Job job, NdjsonLines.Line line) {
        ObjectNode request = (ObjectNode) Json.tree(Objects.requireNonNull(line.json()));
        TaskOrigin origin =
                TaskOrigin.of(job.tenant(), job.apiKey(), job.traceParent()).inBatch(job.id());
        return api.read(job.endpoint(), (ObjectNode) request.path("body"), origin, job.expiresAt());
    }

    private static JobLines.Submitted refused(int line, BatchApi.Response response) {
        return new JobLines.Submitted(line, null, null, Json.write(response));
    }

    private CompletableFuture<UUID> submit(Job job, int line, NewTask task) {
        return tasks.submitOnce(task, new OnceKey(key(job, line), null))
                .thenApply(accepted -> accepted.id())
                .exceptionallyAsync(e -> join(job, line, e), Thread::startVirtualThread);
    }

    private UUID join(Job job, int line, Throwable thrown) {
        if (unwrapped(thrown) instanceof DuplicateTaskException) {
            return tasks.findOnce(job.tenant(), key(job, line))
                    .map(KeyedTask::id)
                    .orElseThrow(() -> new CompletionException(unwrapped(thrown)));
        }
        throw new CompletionException(unwrapped(thrown));
    }

    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }

    private static String key(Job job, int line) {
        return "batch:" + job.id() + "#" + line;
    }
}
