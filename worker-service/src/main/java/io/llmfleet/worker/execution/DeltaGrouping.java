package io.llmfleet.worker.execution;

import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.TaskBody;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Opens the way from running calls to the delta stream. */
public final class DeltaGrouping implements AutoCloseable {

    private final DeltaOutbox outbox;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("deltas").daemon().factory());

    public DeltaGrouping(DeltaOutbox outbox) {
        this.outbox = outbox;
    }

    /** For one call; the answer comes in pieces only if the task says {@code stream}. */
    GroupedDeltas open(Envelope task, TaskType type, TaskBody body) {
        return new GroupedDeltas(task, wanted(type, body), outbox, schedule);
    }

    /** Pieces of an answer that is JSON are of no use to anyone. */
    private static boolean wanted(TaskType type, TaskBody body) {
        boolean asked =
                body.input().path("stream").asBoolean(false)
                        || body.parameters() != null
                                && body.parameters().path("stream").asBoolean(false);
        TaskType.Prompt prompt = type.prompt();
        boolean text = prompt == null ? type.name().equals("chat") : prompt.textField() != null;
        return asked && text;
    }

    @Override
    public void close() {
        schedule.shutdown();
    }
}
