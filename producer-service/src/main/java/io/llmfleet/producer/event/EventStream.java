package io.llmfleet.producer.event;

import io.llmfleet.broker.Delivery;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TaskWaiters;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.QueueLost;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Hands events to those who want to know: waiters, the projection of states, the list of workers.
 */
final class EventStream implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final long FLUSH_MILLIS = 500;

    private final TaskWaiters waiters;
    private final TaskProgress progress;
    private final LiveWorkers workers;
    private final QueueLossListener queueLoss;
    private final TaskLogs logs;
    private final AskedRouters routers;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("progress").daemon().factory());
    private volatile boolean running;

    EventStream(
            TaskWaiters waiters,
            TaskProgress progress,
            LiveWorkers workers,
            QueueLossListener queueLoss,
            TaskLogs logs,
            AskedRouters routers) {
        this.waiters = waiters;
        this.progress = progress;
        this.workers = workers;
        this.queueLoss = queueLoss;
        this.logs = logs;
        this.routers = routers;
    }

    void handle(Delivery delivery) {
        String kind = delivery.routingKey().split("\\.", 2)[0];
        switch (kind) {
            case Event.WORKER -> workers.heard(Json.read(delivery.body(), WorkerInfo.class));
            case Event.QUEUE_LOST -> queueLoss.lost(Json.read(delivery.body(), QueueLost.class));
            case Event.EXPLAINED ->
                    routers.heard(Json.read(delivery.body(), RouteExplanation.class));
            case Event.EXPLAIN -> {}
            default -> ofTasks(delivery);
        }
    }

    private void ofTasks(Delivery delivery) {
        List<UUID> finished = new ArrayList<>();
        for (Event event : Json.read(delivery.body(), Event[].class)) {
            switch (event.kind()) {
                case Event.ROUTED -> moved(event, TaskState.ROUTED);
                case Event.RUNNING -> moved(event, TaskState.RUNNING);
                case Event.RETRYING -> moved(event, TaskState.RETRYING);
                case Event.FINAL -> finished.add(event.taskId());
                default -> log.debug("an event of unknown kind {}", event.kind());
            }
        }
        finished.forEach(progress::finished);
        waiters.signal(finished);
    }

    private void moved(Event event, TaskState state) {
        progress.add(event, state);
        logs.heard(event, state);
    }

    /** Deltas come on a stream of their own. */
    void handleDeltas(Delivery delivery) {
        for (Delta delta : Json.read(delivery.body(), Delta[].class)) {
            logs.heard(delta);
        }
    }

    @Override
    public void start() {
        running = true;
        var _ =
                schedule.scheduleWithFixedDelay(
                        this::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        schedule.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void flush() {
        logs.forgetOld();
        try {
            progress.flush();
        } catch (RuntimeException e) {
            log.debug("the way of tasks was not written, trying again: {}", e.toString());
        }
    }
}
