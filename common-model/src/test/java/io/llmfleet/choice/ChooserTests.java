package io.llmfleet.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChooserTests {

    private static final Learning LEARNING = Learning.DEFAULT;

    @Test
    void fixedTakesTheFirst() {
        assertThat(chances(Strategy.FIXED, option("a", 3, 8), option("b", 0, 8)))
                .containsExactly(1.0, 0.0);
    }

    @Test
    void leastLoadedTakesTheOneWithTheFewestTasksForEachSlot() {
        assertThat(chances(Strategy.LEAST_LOADED, option("a", 3, 4), option("b", 5, 16)))
                .containsExactly(0.0, 1.0);
    }

    @Test
    void weightedSharesByWeights() {
        Option canary = new Option(new Candidate("a", "new", 5, 0), tried(10, 1, 100, 1), 0, 1);
        Option stable = new Option(new Candidate("a", "old", 95, 0), tried(10, 1, 100, 1), 0, 1);

        assertThat(chances(Strategy.WEIGHTED, canary, stable)).containsExactly(0.05, 0.95);
    }

    @ParameterizedTest
    @CsvSource({
        // success, millis, cost of the other, whose rival has 0.98, 1000, 1
        "0.98, 1000, 2.0, rival",
        "0.98, 1000, 0.5, other",
        "0.98,  500, 1.0, other",
        "0.98, 4000, 1.0, rival",
        "0.60, 1000, 0.1, rival",
        "0.95, 1000, 0.1, other",
    })
    void adaptiveWeighsSuccessLatencyAndCost(
            double success, double millis, double cost, String winner) {
        Option rival = option("rival", tried(200, 0.98, 1_000, 1));
        Option other = option("other", tried(200, success, millis, cost));

        Assessed best =
                Chooser.likeliest(
                        Chooser.assess(Strategy.ADAPTIVE, List.of(rival, other), LEARNING));

        assertThat(best.option().candidate().pool()).isEqualTo(winner);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "5, 0.1", "20, 0.0476", "100, 0.02", "100000, 0.02"})
    void explorationFollowsTheUncertaintyBetweenItsBounds(double attempts, double share) {
        double[] chances =
                chances(
                        Strategy.ADAPTIVE,
                        option("best", tried(200, 1, 100, 1)),
                        option("other", tried(attempts, 0.5, 100, 1)));

        assertThat(chances[1]).isCloseTo(share, within(0.0005));
        assertThat(chances[0] + chances[1]).isCloseTo(1, within(1e-9));
    }

    @Test
    void whatIsKnownLeastIsExploredMost() {
        double[] chances =
                chances(
                        Strategy.ADAPTIVE,
                        option("best", tried(200, 1, 100, 1)),
                        option("known", tried(99, 0.9, 100, 1)),
                        option("new", tried(9, 0.9, 100, 1)));

        assertThat(chances[2]).isCloseTo(10 * chances[1], within(1e-9));
    }

    @Test
    void fullPoolLosesToAFreeOneThatIsAsGood() {
        Option full = new Option(new Candidate("full", null, 1, 0), tried(99, 1, 100, 1), 40, 4);
        Option free = new Option(new Candidate("free", null, 1, 0), tried(99, 1, 100, 1), 1, 4);

        assertThat(chances(Strategy.ADAPTIVE, full, free)[1]).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @CsvSource({"0, a", "0.24, a", "0.26, b", "0.99, b"})
    void drawFollowsTheChances(double random, String expected) {
        List<Assessed> assessed =
                List.of(
                        new Assessed(option("a", 0, 1), null, 0.25),
                        new Assessed(option("b", 0, 1), null, 0.75));

        assertThat(Chooser.draw(assessed, random).option().candidate().pool()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0.79, 3", "0.80, 3", "0.81, 2", "0.90, 2", "0.97, 1", "1.00, 1", "1.30, 1"})
    void whatIsTooDearForTheRestOfTheBudgetIsLeftOut(double used, int left) {
        List<Option> options =
                List.of(
                        option("dear", tried(9, 1, 100, 10)),
                        option("middle", tried(9, 1, 100, 5)),
                        option("cheap", tried(9, 1, 100, 1)));

        assertThat(ThriftPolicy.affordable(options, used, 0.8)).hasSize(left);
    }

    private static double[] chances(Strategy strategy, Option... options) {
        return Chooser.assess(strategy, List.of(options), LEARNING).stream()
                .mapToDouble(Assessed::chance)
                .toArray();
    }

    private static Estimate tried(double attempts, double success, double millis, double cost) {
        return new Estimate(attempts, success, millis, cost);
    }

    private static Option option(String pool, Estimate estimate) {
        return new Option(new Candidate(pool, null, 1, 0), estimate, 0, 8);
    }

    private static Option option(String pool, int inFlight, int slots) {
        Estimate estimate = tried(50, 0.9, 100, 1);
        return new Option(new Candidate(pool, null, 1, 0), estimate, inFlight, slots);
    }
}
