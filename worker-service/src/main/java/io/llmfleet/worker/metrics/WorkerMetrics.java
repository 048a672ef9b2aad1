package io.llmfleet.worker.metrics;

import io.llmfleet.metrics.Buckets;
import io.llmfleet.metrics.Measure;
import java.util.List;

/** What the worker service measures; tags never hold an id. */
public final class WorkerMetrics {

    public static final Measure RECEIVED =
            Measure.counter(
                    "fleet.worker.received",
                    "Messages delivered to this worker",
                    "type",
                    "pool",
                    "priority");

    /** Of each message one: received = the sum of all + held. */
    public static final Measure SETTLED =
            Measure.counter(
                    "fleet.worker.settled",
                    "What became of messages",
                    "type",
                    "pool",
                    "priority",
                    "action");

    public static final Measure HELD =
            Measure.gauge(
                    "fleet.worker.held",
                    "Messages that are here, running or waiting",
                    "pool",
                    "lane",
                    "state");

    public static final Measure SLOTS =
            Measure.gauge("fleet.worker.slots", "Calls that this worker makes at once", "pool");

    public static final Measure SLOTS_BUSY =
            Measure.gauge("fleet.worker.slots.busy", "Slots in use", "pool");

    public static final Measure PROCESSING =
            Measure.histogram(
                    "fleet.worker.processing",
                    Buckets.CALL,
                    "From a task's start to its settlement: how long it holds a slot",
                    "type",
                    "pool",
                    "priority");

    public static final Measure ATTEMPTS_FAILED =
            Measure.counter(
                    "fleet.worker.attempts.failed",
                    "Attempts that failed, retried or not, by failure code",
                    "type",
                    "pool",
                    "code");

    public static final Measure PAUSED =
            Measure.gauge(
                    "fleet.worker.paused",
                    "Whether consuming is paused because every backend is down",
                    "pool");

    public static final Measure HEARTBEAT_AGE =
            Measure.seconds(
                    "fleet.worker.heartbeat.age",
                    "Age of the youngest heartbeat on the control stream",
                    "pool");

    public static final Measure BACKEND_CALL =
            Measure.histogram(
                    "fleet.backend.call",
                    Buckets.CALL,
                    "One call of a backend until its whole answer",
                    "backend",
                    "model",
                    "type",
                    "outcome");

    public static final Measure BACKEND_FIRST_PIECE =
            Measure.histogram(
                    "fleet.backend.first.piece",
                    Buckets.CALL,
                    "One streamed call of a backend until its first piece",
                    "backend",
                    "model");

    public static final Measure BACKEND_TOKENS =
            Measure.counter(
                    "fleet.backend.tokens",
                    "Tokens as the backend counted them",
                    "backend",
                    "model",
                    "direction");

    public static final Measure BACKEND_BREAKER =
            Measure.gauge(
                    "fleet.backend.breaker",
                    "1 for the state that the breaker is in",
                    "backend",
                    "state");

    public static final List<Measure> ALL =
            List.of(
                    RECEIVED,
                    SETTLED,
                    HELD,
                    SLOTS,
                    SLOTS_BUSY,
                    PROCESSING,
                    ATTEMPTS_FAILED,
                    PAUSED,
                    HEARTBEAT_AGE,
                    BACKEND_CALL,
                    BACKEND_FIRST_PIECE,
                    BACKEND_TOKENS,
                    BACKEND_BREAKER);

    private WorkerMetrics() {}
}
