package io.llmfleet.router.routing;

import io.llmfleet.choice.Assessed;
import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Chooser;
import io.llmfleet.choice.Context;
import io.llmfleet.choice.Learning;
import io.llmfleet.choice.Option;
import io.llmfleet.choice.Strategy;
import io.llmfleet.choice.ThriftPolicy;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.router.routing.Choice.LeftOut;
import io.llmfleet.router.routing.Decision.Chosen;
import io.llmfleet.router.routing.Decision.Reason;
import io.llmfleet.router.routing.RuleProperties.Place;
import io.llmfleet.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a rule's candidates gets a task: the fallback that its failures led to, else,
 * among those that are there and that the tenant may use and can afford, the one that the strategy
 * draws.
 */
final class CandidatePolicy {

    private final Rule rule;
    private final Asked asked;
    private final ModelPolicy models;
    private final Knowledge known;
    private final Experience experience;
    private final Learning learning;
    private final List<LeftOut> leftOut = new ArrayList<>();

    CandidatePolicy(
            Rule rule,
            Asked asked,
            ModelPolicy models,
            Knowledge known,
            Experience experience,
            Learning learning) {
        this.rule = rule;
        this.asked = asked;
        this.models = models;
        this.known = known;
        this.experience = experience;
        this.learning = learning;
    }

    /** Empty if the tenant may use none of the candidates. */
    Optional<Choice> choose(Function<List<Assessed>, Assessed> draw) {
        return fallback().or(() -> byStrategy(draw));
    }

    private Optional<Choice> fallback() {
        List<AttemptFailure> failures =
                asked.failures().stream()
                        .filter(f -> rule.said().fallbackOn().contains(f.code()))
                        .toList();
        if (failures.isEmpty() || rule.said().fallbacks().isEmpty()) {
            return Optional.empty();
        }
        String last = asked.failures().getLast().code().name();
        List<Place> chain = rule.said().fallbacks();
        int next = Math.min(failures.size(), chain.size()) - 1;
        List<Option> left = new ArrayList<>();
        for (Place place : chain.subList(next, chain.size())) {
            option(candidate(place)).ifPresent(left::add);
        }
        return left.stream()
                .filter(o -> absence(o) == null)
                .findFirst()
                .or(() -> left.stream().findFirst())
                .map(o -> choice(o, Reason.FALLBACK, "fallback after " + last, List.of()));
    }

    private Candidate candidate(Place place) {
        String pool = place.pool() == null ? rule.said().mainPool() : place.pool();
        return new Candidate(String.valueOf(pool), place.model(), 1, 0);
    }

    private Optional<Choice> byStrategy(Function<List<Assessed>, Assessed> draw) {
        List<Option> allowed = new ArrayList<>();
        rule.said().all().forEach(c -> option(c).ifPresent(allowed::add));
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        List<Option> there = leave(allowed, this::absence);
        List<Option> fresh = leave(there, this::failedBefore);
        List<Option> options = affordable(fresh);
        Strategy strategy = rule.said().strategy();
        List<Assessed> assessed = Chooser.assess(strategy, options, learning);
        Assessed drawn = draw.apply(assessed);
        Reason reason = reason(drawn, assessed, options.size() < fresh.size());
        return Optional.of(choice(drawn.option(), reason, why(strategy, reason), assessed));
    }

    /** The candidate as the tenant may use it, with what is known of it. */
    private Optional<Option> option(Candidate candidate) {
        Optional<Option> option =
                models.narrow(candidate.pool(), candidate.model(), known)
                        .map(
                                place ->
                                        new Candidate(
                                                place.pool(),
                                                place.model(),
                                                candidate.weight(),
                                                candidate.price()))
                        .map(this::known);
        if (option.isEmpty()) {
            leftOut.add(new LeftOut(known(candidate), "tenant may not use it"));
        }
        return option;
    }

    private Option known(Candidate candidate) {
        Context context = Context.of(asked.type(), asked.size());
        return new Option(
                candidate,
                experience.of(context, candidate, known.now()),
                experience.inFlight(candidate.pool()),
                workers(candidate).stream().mapToInt(WorkerInfo::slots).sum());
    }

    private List<WorkerInfo> workers(Candidate candidate) {
        String model = candidate.model();
        return known.in(candidate.pool()).stream()
                .filter(w -> model == null || w.models().contains(model))
                .toList();
    }

    /** Why nobody would do it there at present; null if someone would. */
    private @Nullable String absence(Option option) {
        List<WorkerInfo> workers = workers(option.candidate());
        String model = option.candidate().model();
        if (workers.isEmpty()) {
            return known.warmingUp() ? null : "no live worker";
        }
        if (workers.stream().noneMatch(w -> w.types().contains(asked.type()))) {
            return "does no " + asked.type();
        }
        return workers.stream().allMatch(w -> paused(w, model)) ? "its backend is down" : null;
    }

    private static boolean paused(WorkerInfo worker, @Nullable String model) {
        return model == null
                ? !worker.models().isEmpty() && worker.pausedModels().containsAll(worker.models())
                : worker.pausedModels().contains(model);
    }

    private @Nullable String failedBefore(Option option) {
        List<AttemptFailure> failures = asked.failures();
        String model = option.candidate().model();
        return model != null && !failures.isEmpty() && model.equals(failures.getLast().model())
                ? "failed the attempt before"
                : null;
    }

    private List<Option> affordable(List<Option> options) {
        Double from = rule.said().budgetFrom();
        if (from == null) {
            return options;
        }
        List<Option> cheap = ThriftPolicy.affordable(options, asked.budgetUsed(), from);
        return leave(
                options, o -> cheap.contains(o) ? null : "too dear for the rest of the budget");
    }

    /** Leaves out those that there is a reason against, unless that leaves none. */
    private List<Option> leave(List<Option> options, Function<Option, @Nullable String> against) {
        List<Option> left = options.stream().filter(o -> against.apply(o) == null).toList();
        if (left.isEmpty()) {
            return options;
        }
        for (Option option : options) {
            String why = against.apply(option);
            if (why != null) {
                leftOut.add(new LeftOut(option, why));
            }
        }
        return left;
    }

    private Reason reason(Assessed drawn, List<Assessed> assessed, boolean thrifty) {
        if (rule.said().strategy() == Strategy.ADAPTIVE
                && !drawn.equals(Chooser.likeliest(assessed))) {
            return Reason.EXPLORING;
        }
        return thrifty ? Reason.BUDGET : Reason.STRATEGY;
    }

    private String why(Strategy strategy, Reason reason) {
        String name = rule.said().name() == null ? "rule" : "rule " + rule.name();
        String how = strategy == Strategy.FIXED ? "" : ": " + strategy.wire();
        return switch (reason) {
            case EXPLORING -> name + how + ", exploring";
            case BUDGET -> name + how + ", cheaper as the budget runs low";
            default -> name + how;
        };
    }

    private Choice choice(Option option, Reason reason, String why, List<Assessed> assessed) {
        Candidate to = option.candidate();
        Chosen chosen = new Chosen(rule.said().strategy(), reason);
        return new Choice(to.pool(), to.model(), why, rule.name(), chosen, assessed, leftOut);
    }
}
