package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepState;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.type.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Changes runs as their owner wishes; what follows from that is for whoever is woken. */
final class StoredRuns implements Runs {

    private final JdbcRunStore store;
    private final JdbcWakes wakes;
    private final Tasks tasks;
    private final RunWork work;
    private final EffectMeters meters;
    private final TransactionTemplate transactions;

    StoredRuns(
            JdbcRunStore store,
            JdbcWakes wakes,
            Tasks tasks,
            RunWork work,
            EffectMeters meters,
            TransactionTemplate transactions) {
        this.store = store;
        this.wakes = wakes;
        this.tasks = tasks;
        this.work = work;
        this.meters = meters;
        this.transactions = transactions;
    }

    @Override
    public List<String> checkInput(StoredPipeline pipeline, JsonNode input) {
        JsonNode schema = pipeline.pipeline().input();
        return schema == null ? List.of() : Schemas.check(schema, input);
    }

    @Override
    public UUID start(NewRun run) {
        UUID started =
                Objects.requireNonNull(
                        transactions.execute(
                                tx -> {
                                    UUID id = store.insert(run);
                                    wake(id);
                                    return id;
                                }));
        meters.runStarted(run.pipeline().name());
        return started;
    }

    private void wake(UUID run) {
        wakes.add(run);
        AfterCommit.run(wakes::tell);
    }

    @Override
    public Optional<Run> find(String tenant, UUID id) {
        return store.find(tenant, id);
    }

    @Override
    public List<Run> list(
            String tenant,
            @Nullable String pipeline,
            @Nullable RunState state,
            @Nullable UUID after,
            int limit) {
        return store.list(tenant, pipeline, state, after, limit);
    }

    @Override
    public Outcome cancel(String tenant, UUID id) {
        Outcome cancelled =
                change(
                        tenant,
                        id,
                        run -> {
                            if (!run.state().isFinal()) {
                                cancel(run);
                            }
                            return true;
                        });
        if (cancelled == Outcome.DONE) {
            work.cancelTasks(id);
        }
        return cancelled;
    }

    private void cancel(Run run) {
        Instant now = Instant.now();
        store.end(run.id(), RunState.CANCELLED, null, null, now);
        run.steps().stream()
                .filter(s -> s.state().isActive())
                .forEach(
                        s ->
                                store.saveStep(
                                        run.id(), s.ended(StepState.CANCELLED, now, null, null)));
        meters.runEnded(run.pipeline(), RunState.CANCELLED.name());
    }

    @Override
    public Outcome resume(String tenant, UUID id) {
        return change(
                tenant,
                id,
                run -> {
                    Pipeline definition = run.definition();
                    boolean open = run.calls().stream().anyMatch(c -> c.state() == null);
                    boolean ended =
                            run.state() == RunState.FAILED || run.state() == RunState.CANCELLED;
                    if (!ended || open || definition == null) {
                        return false;
                    }
                    store.resume(run, definition, Instant.now());
                    return true;
                });
    }

    @Override
    public Outcome input(String tenant, UUID id, String step, JsonNode input) {
        return change(
                tenant,
                id,
                run -> {
                    Optional<StepRecord> waiting =
                            run.steps().stream()
                                    .filter(s -> s.id().equals(step))
                                    .filter(s -> s.state() == StepState.WAITING)
                                    .findFirst();
                    if (run.state().isFinal() || waiting.isEmpty()) {
                        return false;
                    }
                    store.saveStep(run.id(), waiting.get().succeeded(Instant.now(), input));
                    return true;
                });
    }

    private Outcome change(String tenant, UUID id, Predicate<Run> change) {
        return Objects.requireNonNull(
                transactions.execute(
                        tx -> {
                            Optional<Run> run = store.lock(tenant, id);
                            if (run.isEmpty()) {
                                return Outcome.UNKNOWN;
                            }
                            if (!change.test(run.get())) {
                                return Outcome.CONFLICT;
                            }
                            wake(id);
                            return Outcome.DONE;
                        }));
    }

    @Override
    public Outcome erase(String tenant, UUID id) {
        Outcome cancelled = cancel(tenant, id);
        if (cancelled == Outcome.DONE) {
            store.erase(id);
            store.tasks(id).forEach(task -> tasks.erase(tenant, task));
        }
        return cancelled;
    }
}
