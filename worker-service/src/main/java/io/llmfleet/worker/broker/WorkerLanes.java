package io.llmfleet.worker.broker;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.QueueLost;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.WorkerInfo;
import io.llmfleet.worker.backend.Backends;
import io.llmfleet.worker.execution.LanePolicy;
import io.llmfleet.worker.execution.RunningTasks;
import io.llmfleet.worker.execution.Slots;
import io.llmfleet.worker.execution.Stopping;
import io.llmfleet.worker.execution.WorkerProperties;
import io.llmfleet.worker.metrics.WorkMeters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * A worker's consumers from start to stop: spreads them over the priorities, pauses them while
 * every backend is down, and says on the event stream what this worker is.
 */
final class WorkerLanes implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkerLanes.class);
    private static final long SPREAD_MILLIS = 20;
    private static final long LOOK_MILLIS = 100;
    private static final long ANNOUNCE_SECONDS = 2;

    private final List<AmqpLane> lanes = new ArrayList<>();
    private final AmqpLane quarantine;
    private final Slots slots;
    private final Slots quarantineSlot;
    private final Stopping stopping;
    private final Backends backends;
    private final RunningTasks running;
    private final EventPublisher events;
    private final WorkerProperties properties;
    private final String worker;
    private final Instant startedAt = Instant.now();
    private final ScheduledExecutorService schedule =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().name("lanes-", 0).daemon().factory());
    private volatile boolean started;
    private volatile boolean paused;

    WorkerLanes(
            ConnectionFactory connectionFactory,
            LinkMetrics links,
            WorkMeters meters,
            Slots slots,
            Slots quarantineSlot,
            Stopping stopping,
            Backends backends,
            RunningTasks running,
            EventPublisher events,
            WorkerProperties properties,
            String worker) {
        this.slots = slots;
        this.quarantineSlot = quarantineSlot;
        this.stopping = stopping;
        this.backends = backends;
        this.running = running;
        this.events = events;
        this.properties = properties;
        this.worker = worker;
        int[] consumers = LanePolicy.initial(properties.slots());
        for (Priority priority : Priority.values()) {
            int lane = priority.ordinal();
            String queue = Queues.work(properties.pool(), priority);
            lanes.add(
                    new AmqpLane(
                            connectionFactory,
                            links,
                            meters,
                            queue,
                            consumers[lane],
                            item -> slots.offer(lane, item),
                            () -> lost(priority)));
        }
        this.quarantine =
                new AmqpLane(
                        connectionFactory,
                        links,
                        meters,
                        Queues.quarantine(properties.pool()),
                        1,
                        item -> quarantineSlot.offer(0, item),
                        () -> {});
        meters.slots(properties.slots(), slots::busy);
        meters.paused(() -> paused);
    }

    @Override
    public void start() {
        started = true;
        lanes.forEach(AmqpLane::start);
        quarantine.start();
        every(SPREAD_MILLIS, this::spread);
        every(LOOK_MILLIS, this::look);
        every(TimeUnit.SECONDS.toMillis(ANNOUNCE_SECONDS), () -> announce(false));
    }

    @Override
    public void stop() {
        started = false;
        schedule.shutdown();
        announce(true);
        lanes.forEach(AmqpLane::stopConsuming);
        quarantine.stopConsuming();
        stopping.stop(List.of(slots, quarantineSlot), properties.grace());
        lanes.forEach(AmqpLane::close);
        quarantine.close();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    private void spread() {
        if (paused) {
            return;
        }
        int[] consumers = lanes.stream().mapToInt(AmqpLane::wanted).toArray();
        LanePolicy.next(consumers, slots.held())
                .ifPresent(
                        move -> {
                            lanes.get(move.from()).want(consumers[move.from()] - 1);
                            lanes.get(move.to()).want(consumers[move.to()] + 1);
                        });
    }

    private void look() {
        boolean down = backends.allDown();
        if (down && !paused) {
            log.warn("every backend is down, consuming pauses");
            paused = true;
            lanes.forEach(AmqpLane::stopConsuming);
            quarantine.stopConsuming();
            slots.handBackWaiting();
            quarantineSlot.handBackWaiting();
            announce(false);
        } else if (!down && paused) {
            log.info("a backend may be up again, consuming resumes");
            int[] consumers = LanePolicy.initial(properties.slots());
            for (int lane = 0; lane < lanes.size(); lane++) {
                lanes.get(lane).want(consumers[lane]);
            }
            quarantine.want(1);
            paused = false;
        }
        slots.poll();
        quarantineSlot.poll();
    }

    private void lost(Priority priority) {
        events.queueLost(new QueueLost(properties.pool(), priority, Instant.now()));
    }

    private void announce(boolean leaving) {
        events.announce(
                new WorkerInfo(
                        worker,
                        properties.pool(),
                        backends.models(),
                        backends.types(),
                        properties.slots(),
                        running.count(),
                        backends.pausedModels(),
                        leaving,
                        startedAt,
                        Instant.now(),
                        running.meanMillis()));
    }

    private void every(long millis, Runnable step) {
        var _ =
                schedule.scheduleWithFixedDelay(
                        () -> {
                            try {
                                step.run();
                            } catch (RuntimeException e) {
                                log.warn(
                                        "a step of the lanes failed, trying again: {}",
                                        e.toString());
                            }
                        },
                        0,
                        millis,
                        TimeUnit.MILLISECONDS);
    }
}
