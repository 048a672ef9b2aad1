package io.llmfleet.system.chaos.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.CaseReport;
import io.llmfleet.system.chaos.ChaosReport;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short selection of the cases, on every broker that there is. */
class ChaosIT {

    private static final int TASKS = 2_000;
    private static final int CONVERSATIONS = 100;
    private static final int TURNS = 6;

    @ParameterizedTest
    @MethodSource("brokers")
    void promisesHoldWhateverIsKilled(String broker) {
        ChaosReport report =
                Fleets.run(
                        broker,
                        List.of(
                                new BrokerKilled(TASKS),
                                new WorkerKilledBeforeAck(),
                                new CancelledWhileRunning(),
                                new BadInput(),
                                new ReplayOfManyKilled(),
                                new ConversationsInOrder(CONVERSATIONS, TURNS),
                                new StreamServerKilled()));

        assertThat(report.cases()).flatExtracting(CaseReport::broken).isEmpty();
        assertThat(report.cases().getFirst().counters().accepted()).isGreaterThanOrEqualTo(TASKS);
        assertThat(report.cases().getFirst().counters().brokerKills()).isEqualTo(3);
    }

    static List<String> brokers() {
        return Fleets.brokers();
    }
}
