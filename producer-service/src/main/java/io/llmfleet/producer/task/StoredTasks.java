package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.metrics.TaskMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionException;

/** Accepts a task by a group commit, hands it to the dispatch after it, and looks tasks up. */
final class StoredTasks implements Tasks, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoredTasks.class);

    /** How often a waiter looks into the store although nobody called it. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final JdbcTaskStore store;
    private final GroupCommit<JdbcTaskStore.Acceptance> acceptances;
    private final DispatchGate gate;
    private final Admission admission;
    private final TaskWaiters waiters;
    private final TaskMeters meters;

    StoredTasks(
            JdbcTaskStore store,
            TaskProperties properties,
            DispatchGate gate,
            Admission admission,
            TaskWaiters waiters,
            TaskMeters meters) {
        this.store = store;
        this.gate = gate;
        this.admission = admission;
        this.waiters = waiters;
        this.meters = meters;
        this.acceptances =
                new GroupCommit<>(
                        properties.commitThreads(), properties.commitGroup(), this::insert);
        meters.commitWaiting(acceptances::waiting);
    }

    private void insert(List<JdbcTaskStore.Acceptance> group) {
        meters.commit(group.size(), () -> store.insert(group));
    }

    @Override
    public CompletableFuture<TaskView> submit(NewTask task) {
        return accept(task, null);
    }

    @Override
    public CompletableFuture<TaskView> submitOnce(NewTask task, OnceKey key) {
        try {
            return accept(task, key).exceptionallyCompose(e -> unaccepted(task, e));
        } catch (OverloadedException e) {
            // What was accepted before needs no room.
            if (findOnce(task.tenant(), key.key()).isPresent()) {
                return CompletableFuture.failedFuture(new DuplicateTaskException(e));
            }
            throw e;
        }
    }

    @Override
    public void submitWithin(NewTask task) {
        gate.admit(task.tenant());
        OpenTask open = JdbcTaskStore.open(task);
        admission.admit(task, open.body().length);
        AfterCommit.orElse(() -> Thread.startVirtualThread(() -> admission.withdraw(task)));
        boolean claimed = gate.tryClaim(open);
        var acceptance = new JdbcTaskStore.Acceptance(task, open, claimed, null);
        insert(List.of(acceptance));
        AfterCommit.run(() -> committed(acceptance));
    }

    private void committed(JdbcTaskStore.Acceptance acceptance) {
        meters.accepted(acceptance.task().type(), acceptance.task().priority());
        if (acceptance.claimed() && !acceptance.held().get()) {
            gate.dispatch(acceptance.open());
        }
    }

    /** Only of a duplicate it is known for sure that it is not stored. */
    private CompletableFuture<TaskView> unaccepted(NewTask task, Throwable e) {
        if (!isDuplicate(e)) {
            return CompletableFuture.failedFuture(e);
        }
        Thread.startVirtualThread(() -> admission.withdraw(task));
        return CompletableFuture.failedFuture(new DuplicateTaskException(e));
    }

    @Override
    public Optional<KeyedTask> findOnce(String tenant, String key) {
        return store.findOnce(tenant, key);
    }

    private CompletableFuture<TaskView> accept(NewTask task, @Nullable OnceKey key) {
        gate.admit(task.tenant());
        OpenTask open = JdbcTaskStore.open(task);
        admission.admit(task, open.body().length);
        boolean claimed = gate.tryClaim(open);
        var acceptance = new JdbcTaskStore.Acceptance(task, open, claimed, key);
        return acceptances
                .add(acceptance)
                .thenApply(
                        unused -> {
                            committed(acceptance);
                            return accepted(task, open);
                        })
                .exceptionally(e -> refused(task, e));
    }

    /** What was refused for its conversation gives back what it took of the limits. */
    private TaskView refused(NewTask task, Throwable e) {
        Throwable cause =
                e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof ConversationBusyException) {
            Thread.startVirtualThread(() -> admission.withdraw(task));
        }
        throw e instanceof CompletionException c ? c : new CompletionException(e);
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
    public Optional<byte[]> input(String tenant, UUID id) {
        return store.input(tenant, id);
    }

    @Override
    public List<TaskView> list(TaskFilter filter) {
        return store.list(filter);
    }

    @Override
    public Optional<TaskView> await(String tenant, UUID id, Duration timeout) {
        return await(tenant, id, Instant.now().plus(timeout));
    }

    private Optional<TaskView> await(String tenant, UUID id, Instant end) {
        while (true) {
            CompletableFuture<Optional<FinalOutcome>> signal = waiters.subscribe(id);
            try {
                Optional<TaskView> task = store.find(tenant, id);
                if (task.isEmpty() || task.get().state().isFinal()) {
                    return task;
                }
                Optional<FinalOutcome> outcome = awaitSignal(signal, waiters.endOf(end));
                if (outcome.isPresent() || isOver(end)) {
                    return outcome.map(task.get()::ended).or(() -> task);
                }
            } finally {
                waiters.unsubscribe(id, signal);
            }
        }
    }

    /** Waits from before the task exists on, so its end cannot be missed. */
    @Override
    public TaskView submitAndAwait(NewTask task, Duration timeout) {
        Instant end = Instant.now().plus(timeout);
        CompletableFuture<Optional<FinalOutcome>> signal = waiters.subscribe(task.id());
        try {
            TaskView accepted = submit(task).join();
            return awaitSignal(signal, waiters.endOf(end))
                    .map(accepted::ended)
                    .orElseGet(() -> look(accepted, end));
        } finally {
            waiters.unsubscribe(task.id(), signal);
        }
    }

    private TaskView look(TaskView accepted, Instant end) {
        try {
            return await(accepted.tenant(), accepted.id(), end).orElse(accepted);
        } catch (DataAccessException | TransactionException e) {
            log.debug("a caller's wait was cut short: {}", e.toString());
            return accepted;
        }
    }

    /** How it ended, if this replica stored it; empty if somebody has to look. */
    private static Optional<FinalOutcome> awaitSignal(
            CompletableFuture<Optional<FinalOutcome>> signal, Instant end) {
        long left = Duration.between(Instant.now(), end).toMillis();
        try {
            return left <= 0
                    ? Optional.empty()
                    : signal.get(Math.min(left + 1, LOOK.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private boolean isOver(Instant end) {
        return Thread.currentThread().isInterrupted()
                || !Instant.now().isBefore(waiters.endOf(end));
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
                task.lineage() == null ? null : task.lineage().parent(),
                null,
                null,
                null,
                null,
                List.of(),
                null,
                0);
    }
}
