package io.llmfleet.system.simulation;

import io.llmfleet.choice.Assessed;
import io.llmfleet.choice.Chooser;
import io.llmfleet.choice.Context;
import io.llmfleet.choice.Estimate;
import io.llmfleet.choice.Estimates;
import io.llmfleet.choice.Learning;
import io.llmfleet.choice.Option;
import io.llmfleet.choice.Outcome;
import io.llmfleet.choice.Strategy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One strategy on one scenario: tasks arrive at random, wait where all slots are taken, are tried
 * again after a failure. It chooses by the classes of the router; what an attempt came to is heard
 * a moment later, as over the event stream.
 *
 * <p>The same seed draws the same arrivals.
 */
final class Simulation {

    private static final double PER_SECOND = 4;
    private static final double MILLIS = 7_200_000;
    private static final double HEARD_AFTER = 200;
    private static final double RETRY_AFTER = 1_000;
    private static final int ATTEMPTS = 5;
    private static final int SIZE = 2_048;

    private final Scenario scenario;
    private final Strategy strategy;
    private final Learning learning = Learning.DEFAULT;
    private final Estimates estimates = new Estimates(learning);
    private final SplittableRandom arrivals;
    private final SplittableRandom random;
    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingDouble(Step::at));
    private final List<Deque<Call>> waiting = new ArrayList<>();
    private final int[] running;
    private final List<Double> times = new ArrayList<>();
    private double regret;
    private double cost;
    private int attempts;
    private int successes;
    private int tasks;

    /** What happens at a time of the simulation, in milliseconds. */
    private record Step(double at, Runnable what) {}

    private record Call(String type, double arrived, int attempt) {}

    Simulation(Scenario scenario, Strategy strategy, long seed) {
        this.scenario = scenario;
        this.strategy = strategy;
        this.arrivals = new SplittableRandom(seed);
        this.random = new SplittableRandom(seed + 1);
        this.running = new int[scenario.backends().size()];
        scenario.backends().forEach(b -> waiting.add(new ArrayDeque<>()));
    }

    StrategyResult run() {
        arriveAfter(0);
        while (!steps.isEmpty()) {
            steps.remove().what().run();
        }
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new StrategyResult(
                scenario.name(),
                strategy,
                regret / attempts,
                (double) successes / tasks,
                (double) successes / attempts,
                sorted[(int) (sorted.length * 0.95)],
                cost / tasks);
    }

    private void arriveAfter(double now) {
        double at = now - Math.log(1 - arrivals.nextDouble()) * 1_000 / PER_SECOND;
        if (at < MILLIS) {
            String type = Scenario.TYPES.get(arrivals.nextInt(Scenario.TYPES.size()));
            steps.add(
                    new Step(
                            at,
                            () -> {
                                tasks++;
                                route(new Call(type, at, 1), at);
                                arriveAfter(at);
                            }));
        }
    }

    private void route(Call call, double now) {
        Context context = Context.of(call.type(), SIZE);
        List<Option> options =
                options(b -> estimates.of(context, b.candidate().name(), instant(now)));
        Assessed chosen =
                Chooser.draw(Chooser.assess(strategy, options, learning), random.nextDouble());
        int index = options.indexOf(chosen.option());
        regret += regret(index, call.type(), now);
        attempts++;
        waiting.get(index).add(call);
        startNext(index, now);
    }

    private List<Option> options(Function<SimulatedBackend, Estimate> known) {
        return IntStream.range(0, running.length)
                .mapToObj(
                        i -> {
                            SimulatedBackend b = scenario.backends().get(i);
                            int inFlight = running[i] + waiting.get(i).size();
                            return new Option(b.candidate(), known.apply(b), inFlight, b.slots());
                        })
                .toList();
    }

    /** Against who knows what nobody can: success, duration and cost as they truly are now. */
    private double regret(int chosen, String type, double now) {
        double time = now / MILLIS;
        List<Option> truth =
                options(
                        b ->
                                new Estimate(
                                        1_000,
                                        b.success(type, time),
                                        b.meanMillis(time),
                                        b.cost(time)));
        double[] values =
                Chooser.assess(Strategy.ADAPTIVE, truth, learning).stream()
                        .mapToDouble(a -> a.value() == null ? 0 : a.value())
                        .toArray();
        return Arrays.stream(values).max().orElse(0) - values[chosen];
    }

    private void startNext(int index, double now) {
        SimulatedBackend backend = scenario.backends().get(index);
        if (running[index] < backend.slots() && !waiting.get(index).isEmpty()) {
            Call call = waiting.get(index).remove();
            running[index]++;
            double time = Math.min(1, now / MILLIS);
            double millis = backend.millis(time, random);
            boolean succeeds = random.nextDouble() < backend.success(call.type(), time);
            double price = backend.cost(time);
            double end = now + millis;
            steps.add(
                    new Step(
                            end,
                            () -> end(index, call, new Outcome(succeeds, millis, price), end)));
        }
    }

    private void end(int index, Call call, Outcome outcome, double now) {
        running[index]--;
        cost += outcome.cost() == null ? 0 : outcome.cost();
        String name = scenario.backends().get(index).candidate().name();
        Context context = Context.of(call.type(), SIZE);
        double heard = now + HEARD_AFTER;
        steps.add(new Step(heard, () -> estimates.add(context, name, outcome, instant(heard))));
        if (outcome.succeeded()) {
            successes++;
            times.add(now - call.arrived());
        } else if (call.attempt() < ATTEMPTS) {
            Call again = new Call(call.type(), call.arrived(), call.attempt() + 1);
            double at = now + RETRY_AFTER;
            steps.add(new Step(at, () -> route(again, at)));
        }
        startNext(index, now);
    }

    private static Instant instant(double millis) {
        return Instant.ofEpochMilli((long) millis);
    }
}
