package io.llmfleet.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.producer.dispatch.Windows.Room;
import io.llmfleet.producer.task.OpenTasks.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatchPolicyTests {

    private static final Lane A = new Lane("a", Priority.NORMAL, "any", "chat");
    private static final Lane B = new Lane("b", Priority.NORMAL, "any", "chat");
    private static final Lane HIGH = new Lane("b", Priority.HIGH, "any", "chat");

    @ParameterizedTest
    @CsvSource({
        "0, 0, true, true",
        "1, 0, true, false",
        "0, 10, true, false",
        "0, 9, true, true",
        "0, 0, false, false"
    })
    void taskGoesAtOnceOnlyBehindNoOtherAndIntoAnOpenWindow(
            long waiting, long inBroker, boolean brokerTakes, boolean expected) {
        assertThat(DispatchPolicy.mayGoAtOnce(waiting, inBroker, 10, brokerTakes))
                .isEqualTo(expected);
    }

    @Test
    void budgetIsSharedFairlyBetweenTenants() {
        assertThat(DispatchPolicy.shares(List.of(new Room(A, 500), new Room(B, 500)), 100))
                .containsEntry(A, 50)
                .containsEntry(B, 50);
        assertThat(DispatchPolicy.shares(List.of(new Room(A, 500), new Room(B, 5)), 100))
                .containsEntry(A, 95)
                .containsEntry(B, 5);
    }

    @Test
    void higherPriorityGoesFirstAndLeavesTheLowerOneItsPart() {
        Map<Lane, Integer> some =
                DispatchPolicy.shares(List.of(new Room(A, 500), new Room(HIGH, 60)), 100);
        Map<Lane, Integer> many =
                DispatchPolicy.shares(List.of(new Room(A, 500), new Room(HIGH, 500)), 100);

        assertThat(some.keySet()).first().isEqualTo(HIGH);
        assertThat(some).containsEntry(HIGH, 60).containsEntry(A, 40);
        assertThat(many).containsEntry(HIGH, 88).containsEntry(A, 12);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "3, false", "4, true"})
    void fourthInterruptionIsTheEnd(int interruptions, boolean poison) {
        assertThat(DispatchPolicy.isPoison(interruptions)).isEqualTo(poison);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000, 10, 2",
        "2000, 1000, 10, 102",
        "1000, 1000, 0, 120",
        "99999999, 1000, 1, 120",
        "1000, 1000, 9999, 1"
    })
    void waitIsTheTimeThatTheExcessTakes(long open, long max, double rate, long seconds) {
        assertThat(DispatchPolicy.retryAfter(open, max, rate))
                .isEqualTo(Duration.ofSeconds(seconds));
    }
}
