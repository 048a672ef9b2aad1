package io.llmfleet.router.routing;

import io.llmfleet.choice.Assessed;
import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Chooser;
import io.llmfleet.choice.Context;
import io.llmfleet.model.Defaults;
import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Names;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteQuestion;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a task goes: a rule if one matches, else the pool that its target names, else a
 * pool whose workers offer the model that its target names, else, for {@code any}, the pool with
 * the most free slots that does its type; never to a model that its tenant may not use.
 */
public final class RoutingPolicy {

    private final RoutingProperties properties;
    private final Supplier<RuleBook> rules;
    private final Experience experience;
    private final DoubleSupplier random;

    /**
     * @param rules that hold now
     * @param random from 0 (inclusive) to 1 (exclusive)
     */
    public RoutingPolicy(
            RoutingProperties properties,
            Supplier<RuleBook> rules,
            Experience experience,
            DoubleSupplier random) {
        this.properties = properties;
        this.rules = rules;
        this.experience = experience;
        this.random = random;
    }

    /**
     * @param size of the task's body in bytes
     * @param text of the task's input; asked for only if a rule has examples
     */
    public Decision decide(
            Envelope task, int size, Supplier<@Nullable String> text, Knowledge known) {
        if (!task.deadline().isAfter(known.now())) {
            return refuse(
                    FailureCode.DEADLINE_EXCEEDED,
                    "the deadline passed before the task was routed");
        }
        Found found = find(Asked.of(task, size, text), known, this::draw);
        Instant since = task.waitingSince();
        return switch (found) {
            case Found.Nowhere nowhere -> withoutChoice(task.type(), task.target(), since, known);
            case Found.Denied denied -> new Decision.Refuse(denied.failure());
            case Found.At at when task.interruptions() >= Defaults.INTERRUPTIONS ->
                    new Decision.ToQuarantine(
                            at.choice().pool(),
                            at.choice().model(),
                            "interrupted " + task.interruptions() + " times");
            case Found.At at -> atPool(task.type(), at.choice(), since, known);
        };
    }

    /** What it was decided goes out now. */
    public void routed(Envelope task, int size, Decision.ToPool to, Instant at) {
        if (rules.get().learns()) {
            experience.routed(
                    task.taskId(),
                    new Candidate(to.pool(), to.model(), 1, 0),
                    Context.of(task.type(), size),
                    at);
        }
    }

    /**
     * What {@link #decide} would say of such a task now, and what that stands on.
     *
     * @param router the name of this process
     */
    public RouteExplanation explain(RouteQuestion question, String router, Knowledge known) {
        Asked asked = Asked.of(question);
        Explainer explainer = new Explainer(question, router, known.now());
        return switch (find(asked, known, Chooser::likeliest)) {
            case Found.Nowhere nowhere ->
                    explainer.of(
                            withoutChoice(question.type(), question.target(), null, known),
                            null,
                            asked);
            case Found.Denied denied ->
                    explainer.of(new Decision.Refuse(denied.failure()), null, asked);
            case Found.At at ->
                    explainer.of(
                            atPool(question.type(), at.choice(), null, known), at.choice(), asked);
        };
    }

    /** Where a task would go. */
    private sealed interface Found {
        record At(Choice choice) implements Found {}

        record Denied(Failure failure) implements Found {}

        record Nowhere() implements Found {}
    }

    private Assessed draw(List<Assessed> assessed) {
        return Chooser.draw(assessed, random.getAsDouble());
    }

    private Found find(Asked asked, Knowledge known, Function<List<Assessed>, Assessed> draw) {
        RuleBook book = rules.get();
        ModelPolicy models = new ModelPolicy(book.tenant(asked.tenant()));
        if (isModel(asked.target()) && !models.permits(asked.target())) {
            return denied(asked);
        }
        Optional<Rule> rule = book.match(asked);
        if (rule.isPresent()) {
            return new CandidatePolicy(
                            rule.get(), asked, models, known, experience, book.learning())
                    .choose(draw)
                    .<Found>map(Found.At::new)
                    .orElseGet(() -> denied(asked));
        }
        return byTarget(asked, models, known)
                .map(choice -> narrowed(asked, choice, models, known))
                .orElseGet(Found.Nowhere::new);
    }

    private boolean isModel(String target) {
        return !target.equals(Names.ANY) && !properties.pools().contains(target);
    }

    private static Found narrowed(Asked asked, Choice choice, ModelPolicy models, Knowledge known) {
        return models.narrow(choice.pool(), choice.model(), known)
                .<Found>map(
                        place ->
                                new Found.At(
                                        Choice.byTarget(place.pool(), place.model(), choice.why())))
                .orElseGet(() -> denied(asked));
    }

    private static Found.Denied denied(Asked asked) {
        String message =
                "target '"
                        + asked.target()
                        + "' is closed to tenant '"
                        + asked.tenant()
                        + "', which may not use its models";
        return new Found.Denied(Failure.of(FailureCode.UNKNOWN_TARGET, message).permanent());
    }

    private Optional<Choice> byTarget(Asked asked, ModelPolicy models, Knowledge known) {
        if (properties.pools().contains(asked.target())) {
            return Optional.of(Choice.byTarget(asked.target(), null, "target is the pool"));
        }
        if (isModel(asked.target())) {
            List<WorkerInfo> having =
                    known.live().stream().filter(w -> w.models().contains(asked.target())).toList();
            return freest(having)
                    .map(
                            pool ->
                                    Choice.byTarget(
                                            pool, asked.target(), "target is a model of the pool"));
        }
        return anyPool(asked.type(), models, known);
    }

    private Optional<Choice> anyPool(String type, ModelPolicy models, Knowledge known) {
        List<WorkerInfo> able =
                known.live().stream().filter(w -> w.types().contains(type)).toList();
        List<WorkerInfo> open = models.permitted(able);
        // Where a tenant may use none of them, that is said of the pool, not that there is none.
        List<WorkerInfo> usable = open.isEmpty() ? able : open;
        List<WorkerInfo> willing = usable.stream().filter(w -> !allPaused(w)).toList();
        Optional<String> pool = freest(willing.isEmpty() ? usable : willing);
        if (pool.isEmpty() && (known.warmingUp() || known.live().isEmpty())) {
            pool = Optional.of(properties.pools().getFirst());
        }
        return pool.map(p -> Choice.byTarget(p, null, "any pool that does " + type));
    }

    private Decision withoutChoice(
            String type, String target, @Nullable Instant since, Knowledge known) {
        if (target.equals(Names.ANY)) {
            return refuse(
                    FailureCode.UNSUPPORTED,
                    "no live worker does '" + type + "', they do: " + types(known.live()));
        }
        if (known.warmingUp()) {
            return new Decision.Wait("the router has just started");
        }
        if (known.mayComeBack(target)) {
            return waitOrRefuse(since, "model '" + target + "'", known.now());
        }
        return refuse(
                FailureCode.UNKNOWN_TARGET,
                "target '"
                        + target
                        + "' is no pool and no model of a live worker; accepted: any, pools "
                        + properties.pools()
                        + ", models "
                        + models(known.live()));
    }

    private Decision atPool(String type, Choice to, @Nullable Instant since, Knowledge known) {
        List<WorkerInfo> workers = known.in(to.pool());
        if (workers.isEmpty() && !known.warmingUp()) {
            return waitOrRefuse(since, "pool '" + to.pool() + "'", known.now());
        }
        if (!workers.isEmpty() && workers.stream().noneMatch(w -> w.types().contains(type))) {
            return refuse(
                    FailureCode.UNSUPPORTED,
                    "no worker of pool '"
                            + to.pool()
                            + "' does '"
                            + type
                            + "', they do: "
                            + types(workers)
                            + "; configure an LLM backend (LLM_BASE_URL) for more");
        }
        return new Decision.ToPool(to.pool(), to.model(), to.why(), to.chosen());
    }

    private Decision waitOrRefuse(@Nullable Instant since, String what, Instant now) {
        if (since != null && Duration.between(since, now).compareTo(properties.workerWait()) > 0) {
            return refuse(
                    FailureCode.NO_WORKER,
                    what + " has had no live worker for " + properties.workerWait());
        }
        return new Decision.Wait(what + " has no live worker");
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
