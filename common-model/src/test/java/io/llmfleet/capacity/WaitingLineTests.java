package io.llmfleet.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is computed against what the literature has and against lines that are played through. */
class WaitingLineTests {

    private static final int TASKS = 1_000_000;

    /** C by its defining sum, with exact fractions worked out by hand. */
    @ParameterizedTest
    @CsvSource({"1, 0.5, 0.5", "2, 1, 0.3333333333", "3, 2, 0.4444444444", "4, 3, 0.5094339623"})
    void delayProbabilityIsErlangsC(int slots, double load, double expected) {
        assertThat(line(load, slots, 1).delayProbability()).isCloseTo(expected, offset(1e-9));
    }

    @Test
    void delayProbabilityOfManySlotsNeitherOverflowsNorVanishes() {
        assertThat(line(9_900, 10_000, 1).delayProbability()).isBetween(0.1, 0.4);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "0.5, 1", "0.8, 0.25", "0.9, 4"})
    void meanWaitAtOneSlotIsPollaczeksAndKhinchines(double rho, double cv2) {
        assertThat(line(rho, 1, cv2).meanWait())
                .isCloseTo(rho * (1 + cv2) / (2 * (1 - rho)), offset(1e-12));
    }

    @Test
    void timesScaleWithTheServiceTime() {
        WaitingLine seconds = new WaitingLine(0.8, 1, new ServiceTime(1, 2));
        WaitingLine tenths = new WaitingLine(8, 1, new ServiceTime(0.1, 2));

        assertThat(tenths.meanWait()).isCloseTo(seconds.meanWait() / 10, offset(1e-12));
        assertThat(tenths.meanLength()).isCloseTo(seconds.meanLength(), offset(1e-12));
    }

    static Stream<Arguments> lines() {
        List<Arguments> all = new ArrayList<>();
        for (int slots : new int[] {1, 2, 4, 16}) {
            for (double rho : new double[] {0.5, 0.7, 0.9}) {
                for (double cv2 : new double[] {0, 0.25, 1, 2, 4}) {
                    all.add(Arguments.of(slots, rho, cv2));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void meanWaitIsThatOfASimulatedLine(int slots, double rho, double cv2) {
        WaitingLine line = line(rho * slots, slots, cv2);
        double[] waits = SimulatedLine.waits(line, TASKS, new Random(42));

        // Where hardly anybody waits (a thousandth of a service time) a share of it says nothing.
        double accepted = Math.max(0.001, mean(waits) * (cv2 == 1 ? 0.05 : 0.15));
        assertThat(line.meanWait()).isCloseTo(mean(waits), offset(accepted));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void quantileIsThatOfASimulatedLineWhereItsTailIsWhatCounts(int slots, double rho, double cv2) {
        WaitingLine line = line(rho * slots, slots, cv2);
        double[] waits = SimulatedLine.waits(line, TASKS, new Random(43));
        Arrays.sort(waits);
        double measured = waits[(int) (waits.length * 0.95)];

        assertThat(line.waitQuantile(0.95))
                .as("simulated %s", measured)
                .isBetween(measured * 0.75 - 0.05, measured * 1.25 + 0.05);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.9, 1", "4, 0.8, 1", "4, 0.9, 0.25"})
    void higherPriorityWaitsAsASimulatedOne(int slots, double rho, double cv2) {
        WaitingLine line = line(rho * slots, slots, cv2);
        double half = line.rate() / 2;
        double[] waits = SimulatedPriorities.meanWaits(line, TASKS, new Random(44));

        assertThat(line.meanWait(0, half)).isCloseTo(waits[0], withinPercentage(15));
        assertThat(line.meanWait(half, half)).isCloseTo(waits[1], withinPercentage(15));
    }

    @Test
    void prioritiesWaitTogetherAsLongAsWithout() {
        WaitingLine line = line(3.2, 4, 1);

        double all = line.meanWait(0, 0.8) * 0.25 + line.meanWait(0.8, 2.4) * 0.75;

        assertThat(all).isCloseTo(line.meanWait(), offset(1e-12));
    }

    @Test
    void moreThanCanBeDoneWaitsForEver() {
        WaitingLine line = line(4, 4, 1);

        assertThat(line.stable()).isFalse();
        assertThat(line.meanWait()).isInfinite();
        assertThat(line.waitQuantile(0.95)).isInfinite();
        assertThat(line.meanWait(0, 4)).isInfinite();
    }

    @Test
    void nothingComesAndNothingWaits() {
        WaitingLine line = line(0, 4, 1);

        assertThat(line.meanWait()).isZero();
        assertThat(line.slotsFor(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"10, 1, 0.1", "10, 4, 0.01", "200, 1, 0.001", "3.999, 0, 5"})
    void slotsForAWaitAreTheFewestThatKeepIt(double load, double cv2, double wait) {
        WaitingLine line = line(load, 1, cv2);

        int slots = line.slotsFor(wait);

        assertThat(line.with(slots).meanWait()).isLessThanOrEqualTo(wait);
        assertThat(line.with(slots - 1).meanWait()).isGreaterThan(wait);
    }

    @Test
    void simulatedTimesHaveTheirMeanAndVariation() {
        for (double cv2 : new double[] {0, 0.25, 0.4, 1, 2, 4}) {
            var times = SimulatedLine.times(new ServiceTime(0.2, cv2), new Random(45));
            double[] drawn = new double[TASKS];
            Arrays.setAll(drawn, i -> times.getAsDouble());
            double mean = mean(drawn);
            double variance = Arrays.stream(drawn).map(t -> (t - mean) * (t - mean)).sum() / TASKS;

            assertThat(mean).isCloseTo(0.2, withinPercentage(1));
            assertThat(variance / (mean * mean)).isCloseTo(cv2, offset(0.05));
        }
    }

    @Test
    void refusesWhatIsNoLine() {
        assertThatThrownBy(() -> new ServiceTime(0, 1)).hasMessageContaining("mean is 0.0");
        assertThatThrownBy(() -> new ServiceTime(1, -1)).hasMessageContaining("cv2 is -1.0");
        assertThatThrownBy(() -> line(-1, 1, 1)).hasMessageContaining("rate is -1.0");
        assertThatThrownBy(() -> line(1, 0, 1)).hasMessageContaining("slots is 0");
    }

    /** With a service time of 1 s the rate is the load. */
    private static WaitingLine line(double load, int slots, double cv2) {
        return new WaitingLine(load, slots, new ServiceTime(1, cv2));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
