package io.llmfleet.router.routing;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Defaults;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Names;
import io.llmfleet.router.routing.RoutingProperties.Rule;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a task goes: a rule if one matches, else the pool that its target names, else a
 * pool whose workers offer the model that its target names, else, for {@code any}, the pool with
 * the most free slots that does its type.
 */
public final class RoutingPolicy {

    private final RoutingProperties properties;

    /** A pool and maybe a model, before it is known whether someone works there. */
    private record Choice(String pool, @Nullable String model, String why) {}

    public RoutingPolicy(RoutingProperties properties) {
        this.properties = properties;
    }

    /**
     * @param size of the task's body in bytes
     */
    public Decision decide(Envelope task, int size, Knowledge known) {
        if (!task.deadline().isAfter(known.now())) {
            return refuse(
                    FailureCode.DEADLINE_EXCEEDED,
                    "the deadline passed before the task was routed");
        }
        Optional<Choice> choice = choose(task, size, known);
        if (choice.isEmpty()) {
            return withoutChoice(task, known);
        }
        Choice to = choice.get();
        if (task.interruptions() >= Defaults.INTERRUPTIONS) {
            return new Decision.ToQuarantine(
                    to.pool(), to.model(), "interrupted " + task.interruptions() + " times");
        }
        return atPool(task, to, known);
    }

    private Optional<Choice> choose(Envelope task, int size, Knowledge known) {
        for (Rule rule : properties.rules()) {
            if (matches(rule, task, size)) {
                return Optional.of(byRule(rule, task));
            }
        }
        if (properties.pools().contains(task.target())) {
            return Optional.of(new Choice(task.target(), null, "target is the pool"));
        }
        if (!task.target().equals(Names.ANY)) {
            return freest(
                            known.live().stream()
                                    .filter(w -> w.models().contains(task.target()))
                                    .toList())
                    .map(pool -> new Choice(pool, task.target(), "target is a model of the pool"));
        }
        return anyPool(task, known);
    }

    private Optional<Choice> anyPool(Envelope task, Knowledge known) {
        List<WorkerInfo> able =
                known.live().stream().filter(w -> w.types().contains(task.type())).toList();
        List<WorkerInfo> willing = able.stream().filter(w -> !allPaused(w)).toList();
        Optional<String> pool = freest(willing.isEmpty() ? able : willing);
        if (pool.isEmpty() && (known.warmingUp() || known.live().isEmpty())) {
            pool = Optional.of(properties.pools().getFirst());
        }
        return pool.map(p -> new Choice(p, null, "any pool that does " + task.type()));
    }

    private Decision withoutChoice(Envelope task, Knowledge known) {
        if (task.target().equals(Names.ANY)) {
            return refuse(
                    FailureCode.UNSUPPORTED,
                    "no live worker does '" + task.type() + "', they do: " + types(known.live()));
        }
        if (known.warmingUp()) {
            return new Decision.Wait("the router has just started");
        }
        if (known.mayComeBack(task.target())) {
            return waitOrRefuse(task, "model '" + task.target() + "'", known.now());
        }
        return refuse(
                FailureCode.UNKNOWN_TARGET,
                "target '"
                        + task.target()
                        + "' is no pool and no model of a live worker; accepted: any, pools "
                        + properties.pools()
                        + ", models "
                        + models(known.live()));
    }

    private Decision atPool(Envelope task, Choice to, Knowledge known) {
        List<WorkerInfo> workers = known.in(to.pool());
        if (workers.isEmpty() && !known.warmingUp()) {
            return waitOrRefuse(task, "pool '" + to.pool() + "'", known.now());
        }
        if (!workers.isEmpty()
                && workers.stream().noneMatch(w -> w.types().contains(task.type()))) {
            return refuse(
                    FailureCode.UNSUPPORTED,
                    "no worker of pool '"
                            + to.pool()
                            + "' does '"
                            + task.type()
                            + "', they do: "
                            + types(workers)
                            + "; configure an LLM backend (LLM_BASE_URL) for more");
        }
        return new Decision.ToPool(to.pool(), to.model(), to.why());
    }

    private Decision waitOrRefuse(Envelope task, String what, Instant now) {
        Instant since = task.waitingSince();
        if (since != null && Duration.between(since, now).compareTo(properties.workerWait()) > 0) {
            return refuse(
                    FailureCode.NO_WORKER,
                    what + " has had no live worker for " + properties.workerWait());
        }
        return new Decision.Wait(what + " has no live worker");
    }

    private static boolean matches(Rule rule, Envelope task, int size) {
        return (rule.types().isEmpty() || rule.types().contains(task.type()))
                && (rule.targets().isEmpty() || rule.targets().contains(task.target()))
                && (rule.tenants().isEmpty() || rule.tenants().contains(task.tenant()))
                && size >= rule.minSize()
                && size <= rule.maxSize();
    }

    /** The rule's model, or the fallback that as many failures of the right kind have led to. */
    private static Choice byRule(Rule rule, Envelope task) {
        long failed =
                task.failures().stream()
                        .map(AttemptFailure::code)
                        .filter(rule.fallbackOn()::contains)
                        .count();
        if (failed == 0 || rule.fallbacks().isEmpty()) {
            return new Choice(rule.pool(), rule.model(), "rule");
        }
        int next = (int) Math.min(failed, rule.fallbacks().size()) - 1;
        String last = task.failures().getLast().code().name();
        return new Choice(rule.pool(), rule.fallbacks().get(next), "fallback after " + last);
    }

    private static boolean allPaused(WorkerInfo worker) {
        return !worker.models().isEmpty() && worker.pausedModels().containsAll(worker.models());
    }

    private static Optional<String> freest(List<WorkerInfo> workers) {
        return workers.stream()
                .map(WorkerInfo::pool)
                .distinct()
                .max(
                        Comparator.comparingInt((String pool) -> freeSlots(workers, pool))
                                .thenComparing(Comparator.reverseOrder()));
    }

    private static int freeSlots(List<WorkerInfo> workers, String pool) {
        return workers.stream()
                .filter(w -> w.pool().equals(pool))
                .mapToInt(w -> w.slots() - w.running())
                .sum();
    }

    private static TreeSet<String> types(List<WorkerInfo> workers) {
        TreeSet<String> all = new TreeSet<>();
        workers.forEach(w -> all.addAll(w.types()));
        return all;
    }

    private static TreeSet<String> models(List<WorkerInfo> workers) {
        TreeSet<String> all = new TreeSet<>();
        workers.forEach(w -> all.addAll(w.models()));
        return all;
    }

    private static Decision refuse(FailureCode code, String message) {
        return new Decision.Refuse(Failure.of(code, message).permanent());
    }
}
