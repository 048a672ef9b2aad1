package io.llmfleet.producer.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.task.DelegationLimits;
import io.llmfleet.producer.task.Delegations.Tree;
import io.llmfleet.wire.Delegation;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegationPolicyTests {

    private static final DelegationLimits LIMITS = new DelegationLimits(2, 40, 100);

    private final DelegationPolicy policy = new DelegationPolicy(3);

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # depth, tasks, tokens, place, before, refused for
                    0,       0,     0,      0,     0,
                    1,       39,    99,     0,     0,
                    2,       0,     0,      0,     0,      2 deep
                    3,       0,     0,      0,     0,      2 deep
                    0,       40,    0,      0,     0,      40 tasks
                    0,       38,    0,      5,     1,
                    0,       38,    0,      5,     2,      40 tasks
                    0,       0,     100,    0,     0,      100 tokens
                    0,       0,     0,      31,    31,
                    0,       0,     0,      32,    32,     at most 32 calls
                    """)
    void refusesACallBeyondTheBounds(
            int depth, int tasks, long tokens, int place, int before, String reason) {
        var refusal = policy.refusal(tree(depth, tasks, tokens), place, before);

        if (reason == null) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal).get().asString().contains(reason);
        }
    }

    @Test
    void endsATaskAfterItsLastRound() {
        assertThat(policy.failure(2)).isEmpty();
        assertThat(policy.failure(3)).get().asString().contains("up to 3");
    }

    @Test
    void letsAChildDelegateAboveTheLowestGenerationAlone() {
        assertThat(DelegationPolicy.childDelegates(tree(0, 0, 0))).isTrue();
        assertThat(DelegationPolicy.childDelegates(tree(1, 0, 0))).isFalse();
    }

    @Test
    void saysWhatIsLeft() {
        Delegation left = policy.left(tree(1, 38, 120), 1);

        assertThat(left.roundsLeft()).isEqualTo(2);
        assertThat(left.tasksLeft()).isEqualTo(2);
        assertThat(left.tokensLeft()).isZero();
        assertThat(left.isOpen()).isFalse();
        assertThat(policy.left(tree(1, 38, 99), 1).isOpen()).isTrue();
        assertThat(policy.left(tree(1, 38, 99), 3).isOpen()).isFalse();
        assertThat(policy.left(tree(2, 0, 0), 1).isOpen()).isFalse();
    }

    private static Tree tree(int depth, int tasks, long tokens) {
        return new Tree(new UUID(0, 1), depth, LIMITS, tasks, tokens);
    }
}
