package io.llmfleet.system.simulation;

import io.llmfleet.choice.Strategy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every strategy on every scenario, from the same seed. */
public record RoutingComparison(long seed, List<StrategyResult> results) {

    /** Takes some seconds of one core. */
    public static RoutingComparison run(long seed) {
        List<StrategyResult> results =
                Scenario.all().stream()
                        .flatMap(
                                scenario ->
                                        Arrays.stream(Strategy.values())
                                                .map(s -> new Simulation(scenario, s, seed).run()))
                        .toList();
        return new RoutingComparison(seed, results);
    }

    /** As a table in Markdown. */
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append("| scenario | strategy | regret | tasks done | attempts that succeed |");
        text.append(" p95 | cost per 1,000 tasks |\n");
        text.append("|---|---|---:|---:|---:|---:|---:|\n");
        for (StrategyResult r : results) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %.3f | %.1f %% | %.1f %% | %.1f s | %.2f |%n",
                            r.scenario(),
                            r.strategy().wire(),
                            r.regret(),
                            100 * r.done(),
                            100 * r.success(),
                            r.p95Millis() / 1_000,
                            1_000 * r.cost()));
        }
        return text.toString().stripTrailing();
    }
}
