package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** Accepts a task by a group commit, hands it to the dispatch after it, and looks tasks up. */
final class StoredTasks implements Tasks, AutoCloseable {

    /** How often a waiter looks into the store although nobody called it. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final JdbcTaskStore store;
    private final GroupCommit<JdbcTaskStore.Acceptance> acceptances;
    private final DispatchGate gate;
    private final TaskWaiters waiters;

    StoredTasks(
            JdbcTaskStore store,
            TaskProperties properties,
            DispatchGate gate,
            TaskWaiters waiters) {
        this.store = store;
        this.gate = gate;
        this.waiters = waiters;
        this.acceptances =
                new GroupCommit<>(
                        properties.commitThreads(), properties.commitGroup(), store::insert);
    }

    @Override
    public CompletableFuture<TaskView> submit(NewTask task) {
        return accept(task, null);
    }

    @Override
    public CompletableFuture<TaskView> submitOnce(NewTask task, String key) {
        return accept(task, key)
                .exceptionallyCompose(
                        e ->
                                CompletableFuture.failedFuture(
                                        isDuplicate(e) ? new DuplicateTaskException(e) : e));
    }

    private CompletableFuture<TaskView> accept(NewTask task, @Nullable String key) {
        gate.admit(task.tenant());
        OpenTask open = JdbcTaskStore.open(task);
        boolean claimed = gate.tryClaim(open);
        return acceptances
                .add(new JdbcTaskStore.Acceptance(task, open, claimed, key))
                .thenApply(
                        committed -> {
                            if (claimed) {
                                gate.dispatch(open);
                            }
                            return accepted(task, open);
                        });
    }

    private static boolean isDuplicate(Throwable e) {
        return e instanceof DuplicateKeyException || e.getCause() instanceof DuplicateKeyException;
    }

    @Override
    public boolean erase(String tenant, UUID id) {
        return store.erase(tenant, id);
    }

    @Override
    public Optional<TaskView> find(String tenant, UUID id) {
        return store.find(tenant, id);
    }

    @Override
    public List<TaskView> list(TaskFilter filter) {
        return store.list(filter);
    }

    @Override
    public Optional<TaskView> await(String tenant, UUID id, Duration timeout) {
        Instant end = Instant.now().plus(timeout);
        while (true) {
            CompletableFuture<Void> signal = waiters.subscribe(id);
            try {
                Optional<TaskView> task = store.find(tenant, id);
                Duration left = Duration.between(Instant.now(), end);
                if (task.isEmpty() || task.get().state().isFinal() || !left.isPositive()) {
                    return task;
                }
                signal.get(Math.min(left.toMillis() + 1, LOOK.toMillis()), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return store.find(tenant, id);
            } finally {
                waiters.unsubscribe(id, signal);
            }
        }
    }

    @Override
    public void close() {
        acceptances.close();
    }

    private static TaskView accepted(NewTask task, OpenTask open) {
        return new TaskView(
                task.id(),
                task.tenant(),
                task.type(),
                task.target(),
                task.priority(),
                TaskState.ACCEPTED,
                open.epoch(),
                0,
                open.createdAt(),
                null,
                null,
                null,
                task.deadline(),
                task.callLimit(),
                task.conversation(),
                task.metadata(),
                task.batch(),
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }
}
