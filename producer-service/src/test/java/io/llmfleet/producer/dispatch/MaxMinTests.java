package io.llmfleet.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxMinTests {

    @Test
    void whatOneLeavesGoesToTheOthers() {
        assertThat(MaxMin.shares(new long[] {100, 5, 100}, 45)).containsExactly(20, 5, 20);
    }

    @Test
    void nobodyGetsMoreThanItAsksFor() {
        assertThat(MaxMin.shares(new long[] {3, 4}, 100)).containsExactly(3, 4);
    }

    @Test
    void nothingIsSharedWhereThereIsNothing() {
        assertThat(MaxMin.shares(new long[] {3, 4}, -5)).containsExactly(0, 0);
        assertThat(MaxMin.shares(new long[0], 5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allIsGivenAndWhoGetsLessThanOthersAskedForNoMore(long seed) {
        Random random = new Random(seed);
        long[] demands = random.longs(1 + random.nextInt(30), 0, 100).toArray();
        long total = random.nextInt(2_000);

        long[] shares = MaxMin.shares(demands, total);

        assertThat(Arrays.stream(shares).sum())
                .isEqualTo(Math.min(total, Arrays.stream(demands).sum()));
        long largest = Arrays.stream(shares).max().orElseThrow();
        for (int i = 0; i < shares.length; i++) {
            assertThat(shares[i]).isLessThanOrEqualTo(demands[i]);
            // One task cannot be cut in two.
            assertThat(shares[i] == demands[i] || shares[i] >= largest - 1).isTrue();
        }
    }
}
