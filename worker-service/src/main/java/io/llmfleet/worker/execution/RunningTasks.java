package io.llmfleet.worker.execution;

import io.llmfleet.wire.Control;
import io.llmfleet.wire.Envelope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What runs here and how long it takes, what was cancelled, and whether that is known up to now.
 */
public final class RunningTasks {

    private static final int CANCELS_KEPT = 200_000;
    private static final Duration HEARTBEAT_AGE = Duration.ofSeconds(5);

    private final Clock clock;
    private final boolean requireHeartbeat;
    private final Map<UUID, Run> running = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> cancelled =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Integer> eldest) {
                    return size() > CANCELS_KEPT;
                }
            };
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("call-limits").daemon().factory());
    private final ServiceTime serviceTime = new ServiceTime();
    private volatile Instant heartbeat = Instant.MIN;
    private final Instant since;

    /** Why a call was stopped. */
    public enum StopReason {
        CALL_LIMIT,
        CANCELLED,
        WORKER_STOPS
    }

    /** A task from its start to its settlement; a call that is stopped sees an interrupt. */
    public final class Run implements AutoCloseable {

        private final Envelope task;
        private final Thread thread = Thread.currentThread();
        private final long startedNanos = System.nanoTime();
        private @Nullable ScheduledFuture<?> limit;
        private @Nullable StopReason stopped;
        private boolean calling = true;

        private Run(Envelope task) {
            this.task = task;
        }

        public Envelope task() {
            return task;
        }

        synchronized void stop(StopReason reason) {
            if (calling && stopped == null) {
                stopped = reason;
                thread.interrupt();
            }
        }

        /** Whether the call was stopped for a reason that says nothing of its backend. */
        synchronized boolean isAborted() {
            return stopped != null && stopped != StopReason.CALL_LIMIT;
        }

        /** The call is over: from now on nothing interrupts it any more. */
        synchronized Optional<StopReason> callEnded() {
            calling = false;
            if (limit != null) {
                limit.cancel(false);
            }
            boolean unused = Thread.interrupted();
            return Optional.ofNullable(stopped);
        }

        @Override
        public void close() {
            serviceTime.add(System.nanoTime() - startedNanos);
            running.remove(task.taskId(), this);
        }
    }

    public RunningTasks(Clock clock, boolean requireHeartbeat) {
        this.clock = clock;
        this.requireHeartbeat = requireHeartbeat;
        this.since = clock.instant();
    }

    /** Registers the calling thread as the one that runs a task, for at most {@code limit}. */
    Run start(Envelope task, Duration limit) {
        Run run = new Run(task);
        running.put(task.taskId(), run);
        run.limit =
                watchdog.schedule(
                        () -> run.stop(StopReason.CALL_LIMIT),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        if (isCancelled(task)) {
            run.stop(StopReason.CANCELLED);
        }
        return run;
    }

    public Collection<Envelope> tasks() {
        return running.values().stream().map(Run::task).toList();
    }

    public Optional<Envelope> find(UUID task) {
        return Optional.ofNullable(running.get(task)).map(Run::task);
    }

    public int count() {
        return running.size();
    }

    /**
     * How long a task holds a slot, from its start to its settlement, on average lately; null
     * before the first is done.
     */
    public @Nullable Double meanMillis() {
        return serviceTime.meanMillis();
    }

    boolean isCancelled(Envelope task) {
        synchronized (cancelled) {
            return cancelled.getOrDefault(task.taskId(), -1) >= task.epoch();
        }
    }

    /** Whether the control stream was read to its end, so that every cancel is known. */
    boolean isUpToDate() {
        return !requireHeartbeat
                || Duration.between(heartbeat, clock.instant()).compareTo(HEARTBEAT_AGE) < 0;
    }

    /** Since the youngest heartbeat; before the first one, since the start. */
    public Duration heartbeatAge() {
        Instant last = heartbeat;
        return Duration.between(last.isBefore(since) ? since : last, clock.instant());
    }

    public void heartbeat(Control control) {
        heartbeat = control.at();
    }

    /** Messages of this epoch or an older one do not start, and a running call is aborted. */
    public void cancel(UUID task, int epoch) {
        supersede(task, epoch);
        Run run = running.get(task);
        if (run != null && run.task().epoch() <= epoch) {
            run.stop(StopReason.CANCELLED);
        }
    }

    /** Messages of this epoch or an older one do not start; a call that runs may end. */
    public void supersede(UUID task, int epoch) {
        synchronized (cancelled) {
            cancelled.merge(task, epoch, Math::max);
        }
    }

    void stopAll() {
        List.copyOf(running.values()).forEach(r -> r.stop(StopReason.WORKER_STOPS));
    }
}
