package io.llmfleet.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanePolicyTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void consumersAreTheSlotsAndOneForEachPriority(int slots) {
        assertThat(IntStream.of(LanePolicy.initial(slots)).sum()).isEqualTo(slots + 3);
    }

    @Test
    void oneBusyLaneNeedsNoMove() {
        assertThat(LanePolicy.next(new int[] {1, 5, 1}, new int[] {0, 5, 0})).isEmpty();
    }

    @Test
    void idleWorkerNeedsNoMove() {
        assertThat(LanePolicy.next(new int[] {1, 5, 1}, new int[] {0, 0, 0})).isEmpty();
    }

    @Test
    void busyHighLaneGetsConsumersOfNormal() {
        assertThat(LanePolicy.next(new int[] {1, 5, 1}, new int[] {1, 5, 0}))
                .isEqualTo(Optional.of(new LanePolicy.Move(1, 0)));
    }

    @Test
    void busyLowLaneGetsWhatAnIdleNormalLaneDoesNotUse() {
        assertThat(LanePolicy.next(new int[] {1, 5, 1}, new int[] {0, 0, 1}))
                .isEqualTo(Optional.of(new LanePolicy.Move(1, 2)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void movesComeToRestAndKeepAtLeastOneConsumerInEachLane(long seed) {
        Random random = new Random(seed);
        int slots = 1 + random.nextInt(20);
        int[] consumers = LanePolicy.initial(slots);
        boolean[] busy = {random.nextBoolean(), random.nextBoolean(), random.nextBoolean()};
        int moves = 0;
        for (; moves < 200; moves++) {
            int[] held = IntStream.range(0, 3).map(i -> busy[i] ? consumers[i] : 0).toArray();
            Optional<LanePolicy.Move> move = LanePolicy.next(consumers, held);
            if (move.isEmpty()) {
                break;
            }
            consumers[move.get().from()]--;
            consumers[move.get().to()]++;
        }

        assertThat(moves).isLessThan(200);
        assertThat(Arrays.stream(consumers).min().orElseThrow()).isPositive();
        assertThat(IntStream.of(consumers).sum()).isEqualTo(slots + 3);
    }

    @Test
    void noLaneStarvesWhileAllAreBusy() {
        long[] started = new long[3];
        for (int i = 0; i < 1_300; i++) {
            started[LanePolicy.pick(started, new int[] {1, 1, 1})]++;
        }

        assertThat(started).containsExactly(800, 400, 100);
    }

    @Test
    void nothingIsPickedWhereNothingWaits() {
        assertThat(LanePolicy.pick(new long[3], new int[3])).isEqualTo(-1);
    }

    @Test
    void laneThatWasIdleSavesUpNoTurns() {
        long[] started = new long[3];
        int high = 0;
        int low = 2;
        double used = 0;
        for (int i = 0; i < 1_000; i++) {
            used = LanePolicy.used(high, started[high]++);
        }

        started[low] = LanePolicy.rejoin(low, started[low], used);
        int first = LanePolicy.pick(started, new int[] {1, 0, 1});
        started[first]++;
        int second = LanePolicy.pick(started, new int[] {1, 0, 1});

        assertThat(List.of(first, second)).contains(high);
    }

    @Test
    void loneTaskOfHighPriorityGoesBeforeABacklogOfLowOnes() {
        long[] started = new long[3];
        int high = 0;
        int low = 2;
        double used = 0;
        for (int i = 0; i < 1_000; i++) {
            used = LanePolicy.used(low, started[low]++);
        }

        started[high] = LanePolicy.rejoin(high, started[high], used);

        assertThat(LanePolicy.pick(started, new int[] {1, 0, 1})).isEqualTo(high);
    }
}
