package io.llmfleet.producer.api;

import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.KeyedTask;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.tracing.Spans;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.springframework.stereotype.Component;

/** Submits a request's task, or joins the one that the same request led to before. */
@Component
public class Submissions {

    private final Tasks tasks;

    Submissions(Tasks tasks) {
        this.tasks = tasks;
    }

    /**
     * A request's task.
     *
     * @param replayed whether an earlier request had it accepted
     */
    public record Submitted(TaskView task, boolean replayed) {}

    /**
     * @throws KeyReusedException if the key came with another request before
     */
    public Submitted submit(NewTask task, Optional<OnceKey> key) {
        Spans.requestIsAbout(task.id());
        return key.isEmpty()
                ? new Submitted(tasks.submit(task).join(), false)
                : submitOnce(task, key.get());
    }

    /**
     * Also waits until the task is final, or the time is over.
     *
     * @throws KeyReusedException if the key came with another request before
     */
    public Submitted submitAndAwait(NewTask task, Optional<OnceKey> key, Duration timeout) {
        Spans.requestIsAbout(task.id());
        if (key.isEmpty()) {
            return new Submitted(tasks.submitAndAwait(task, timeout), false);
        }
        Submitted submitted = submitOnce(task, key.get());
        return new Submitted(await(submitted.task(), timeout), submitted.replayed());
    }

    /** Waits until a task is final or the time is over, and returns it as it is then. */
    public TaskView await(TaskView task, Duration timeout) {
        return task.state().isFinal()
                ? task
                : tasks.await(task.tenant(), task.id(), timeout).orElse(task);
    }

    private Submitted submitOnce(NewTask task, OnceKey key) {
        try {
            return new Submitted(tasks.submitOnce(task, key).join(), false);
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof DuplicateTaskException)) {
                throw e;
            }
            return new Submitted(join(task.tenant(), key).orElseThrow(() -> e), true);
        }
    }

    private Optional<TaskView> join(String tenant, OnceKey key) {
        Optional<KeyedTask> known = tasks.findOnce(tenant, key.key());
        if (known.isPresent() && !key.fits(known.get())) {
            throw new KeyReusedException();
        }
        return known.flatMap(k -> tasks.find(tenant, k.id()));
    }
}
