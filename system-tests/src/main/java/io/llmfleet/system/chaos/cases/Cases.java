package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import java.time.Duration;
import java.util.List;

/** All cases, those with the same fleet together. */
public final class Cases {

    private static final int TASKS_OF_F1 = 10_000;
    private static final int TASKS_OF_U1 = 2_000;
    private static final int TASKS_OF_S8 = 10_000;
    private static final int CONVERSATIONS_OF_O1 = 1_000;
    private static final int TURNS_OF_O1 = 20;

    private Cases() {}

    /** All kinds of faults at random, for so long. */
    public static ChaosCase storm(Duration duration) {
        return new Storm(duration);
    }

    public static List<ChaosCase> all() {
        return List.of(
                new BrokerKilled(TASKS_OF_F1),
                new RouterKilled(),
                new WorkerKilledBeforeResult(),
                new WorkerKilledBeforeAck(),
                new ProducerKilled(),
                new WorkersGone(),
                new ConnectionsReset(),
                new DeadLetterExchangeMissing(),
                new WorkQueueUnbound(),
                new WorkQueueDeleted(),
                new CallTooLong(),
                new RateLimited(),
                new Poison(),
                new WorkerStopped(),
                new TwoResults(),
                new CancelledWhileRunning(),
                new Replayed(),
                new ReplayOfManyKilled(),
                new DatabaseRestarted(),
                new BrokerRestartedDuringCalls(),
                new BadInput(),
                new BadInputWithDeath(),
                new HostileBodies(),
                new ForgedProperties(),
                new ConversationsInOrder(CONVERSATIONS_OF_O1, TURNS_OF_O1),
                new TenantFloods(TASKS_OF_S8),
                new DiskAlarm(),
                new WorkQueueFull(),
                new BackendDown(),
                new FullPoolBesideFreeOne(),
                new StreamServerKilled(),
                new PipelineKilled(),
                new RollingRestart(TASKS_OF_U1),
                new BrokerNodeLost());
    }
}
