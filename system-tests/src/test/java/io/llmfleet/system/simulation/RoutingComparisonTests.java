package io.llmfleet.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.choice.Strategy;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingComparisonTests {

    private static final double EQUAL_SUCCESS = 0.01;
    private static final double AT_MOST_WORSE = 1.05;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void adaptiveIsTheCheapestOfThoseThatSucceedAsOften(long seed) {
        byScenario(seed)
                .forEach(
                        (scenario, all) -> {
                            StrategyResult adaptive = all.get(Strategy.ADAPTIVE);
                            assertThat(all.values())
                                    .as(scenario)
                                    .filteredOn(r -> r.strategy() != Strategy.ADAPTIVE)
                                    .filteredOn(r -> r.done() >= adaptive.done() - EQUAL_SUCCESS)
                                    .isNotEmpty()
                                    .allSatisfy(
                                            r ->
                                                    assertThat(r.cost())
                                                            .isGreaterThan(adaptive.cost()));
                        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void adaptiveIsNowhereMoreThanFivePercentWorseThanWeighted(long seed) {
        byScenario(seed)
                .forEach(
                        (scenario, all) -> {
                            StrategyResult adaptive = all.get(Strategy.ADAPTIVE);
                            StrategyResult weighted = all.get(Strategy.WEIGHTED);
                            assertThat(List.of(adaptive))
                                    .as(scenario + ": " + weighted)
                                    .allMatch(a -> a.done() * AT_MOST_WORSE >= weighted.done())
                                    .allMatch(
                                            a -> a.success() * AT_MOST_WORSE >= weighted.success())
                                    .allMatch(a -> a.cost() <= weighted.cost() * AT_MOST_WORSE)
                                    .allMatch(
                                            a ->
                                                    a.p95Millis()
                                                            <= weighted.p95Millis() * AT_MOST_WORSE)
                                    .allMatch(a -> a.regret() <= weighted.regret() * AT_MOST_WORSE);
                        });
    }

    @ParameterizedTest
    @ValueSource(longs = 7)
    void sameSeedGivesTheSameTable(long seed) {
        assertThat(RoutingComparison.run(seed).table())
                .isEqualTo(RoutingComparison.run(seed).table());
    }

    private static Map<String, Map<Strategy, StrategyResult>> byScenario(long seed) {
        return RoutingComparison.run(seed).results().stream()
                .collect(
                        Collectors.groupingBy(
                                StrategyResult::scenario,
                                Collectors.toMap(StrategyResult::strategy, Function.identity())));
    }
}
