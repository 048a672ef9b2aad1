package io.llmfleet.producer.metrics;

import io.llmfleet.metrics.Buckets;
import io.llmfleet.metrics.Measure;
import java.util.List;

/** What the producer service measures; tags never hold an id. */
public final class ProducerMetrics {

    private static final String STORE_WIDE =
            "; of the whole store, so every replica tells the same";

    public static final Measure TASKS_ACCEPTED =
            Measure.counter(
                    "fleet.tasks.accepted", "Tasks stored and accepted", "type", "priority");

    public static final Measure TASKS_REOPENED =
            Measure.counter("fleet.tasks.reopened", "Final tasks opened again by a replay");

    /** accepted + reopened = final + open. */
    public static final Measure TASKS_FINAL =
            Measure.counter(
                    "fleet.tasks.final",
                    "Final states that took effect",
                    "type",
                    "priority",
                    "outcome");

    public static final Measure TASKS_FAILED =
            Measure.counter(
                    "fleet.tasks.failed",
                    "Tasks that failed or expired, by failure code",
                    "type",
                    "code");

    public static final Measure CRITICAL_TIME =
            Measure.histogram(
                    "fleet.tasks.critical.time",
                    Buckets.WAIT,
                    "From acceptance to the final state, the user's wait",
                    "type",
                    "pool",
                    "priority");

    public static final Measure QUEUE_TIME =
            Measure.histogram(
                    "fleet.tasks.queue.time",
                    Buckets.WAIT,
                    "From acceptance to the start of the last attempt",
                    "type",
                    "pool",
                    "priority");

    public static final Measure TASKS_OPEN =
            Measure.gauge(
                    "fleet.tasks.open",
                    "Unfinished tasks" + STORE_WIDE,
                    "type",
                    "pool",
                    "priority",
                    "state");

    public static final Measure DISPATCH_MESSAGES =
            Measure.counter(
                    "fleet.dispatch.messages", "Tasks published to the router's queues", "cause");

    public static final Measure DISPATCH_REFUSED =
            Measure.counter(
                    "fleet.dispatch.refused",
                    "Messages that the broker did not take and that wait again");

    public static final Measure DISPATCH_WAITING =
            Measure.gauge(
                    "fleet.dispatch.waiting",
                    "Tasks that wait in the store for their turn in the broker" + STORE_WIDE,
                    "type",
                    "priority");

    public static final Measure DISPATCH_UNCONFIRMED =
            Measure.gauge(
                    "fleet.dispatch.unconfirmed",
                    "Outbox rows that were claimed and are not confirmed" + STORE_WIDE);

    public static final Measure DISPATCH_UNCONFIRMED_OLDEST =
            Measure.seconds(
                    "fleet.dispatch.unconfirmed.oldest",
                    "For how long the oldest claimed row was not confirmed" + STORE_WIDE);

    public static final Measure CONVERSATIONS_HALTED =
            Measure.gauge(
                    "fleet.conversations.halted",
                    "Conversations that a failed turn halted" + STORE_WIDE);

    public static final Measure STORE_WAITING =
            Measure.gauge(
                    "fleet.store.connections.waiting",
                    "Threads that wait for a connection to the database");

    public static final Measure COMMIT_WAITING =
            Measure.gauge("fleet.store.commit.waiting", "Tasks that wait for the group commit");

    public static final Measure COMMIT =
            Measure.histogram(
                    "fleet.store.commit", Buckets.STEP, "One commit of a group of accepted tasks");

    public static final Measure COMMIT_TASKS =
            Measure.summary("fleet.store.commit.tasks", "Tasks of one commit");

    public static final Measure SAMPLE_AGE =
            Measure.seconds(
                    "fleet.store.sample.age", "How old this replica's store-wide figures are");

    /** received = the sum of all + abandoned + held. */
    public static final Measure REPLIES =
            Measure.counter("fleet.replies", "What became of replies", "outcome");

    public static final Measure DEAD_LETTERS =
            Measure.counter("fleet.dead.letters", "Dead letters stored, by failure code", "code");

    public static final Measure DEAD_LETTERS_OPEN =
            Measure.gauge(
                    "fleet.dead.letters.open",
                    "Dead letters that wait for a decision" + STORE_WIDE,
                    "code");

    public static final Measure RESULTS_WAITING =
            Measure.gauge(
                    "fleet.results.waiting",
                    "Results to AMQP clients that are not confirmed yet" + STORE_WIDE);

    public static final Measure RESULTS_OLDEST =
            Measure.seconds(
                    "fleet.results.waiting.oldest",
                    "How long ago the oldest of their tasks ended" + STORE_WIDE);

    public static final Measure WEBHOOKS =
            Measure.counter("fleet.webhooks", "Tries to deliver a webhook", "outcome");

    public static final Measure WEBHOOKS_WAITING =
            Measure.gauge(
                    "fleet.webhooks.waiting",
                    "Webhooks not delivered and not given up" + STORE_WIDE);

    public static final Measure WEBHOOKS_OVERDUE =
            Measure.seconds(
                    "fleet.webhooks.overdue",
                    "How long the next try of the most overdue webhook is late" + STORE_WIDE);

    public static final Measure USAGE_TOKENS =
            Measure.counter(
                    "fleet.usage.tokens", "Tokens of the ledger", "tenant", "model", "direction");

    public static final Measure USAGE_COST =
            Measure.counter(
                    "fleet.usage.cost",
                    "Cost of the ledger, in the currency of the price list",
                    "tenant",
                    "model");

    public static final Measure LIMITS_REFUSED =
            Measure.counter(
                    "fleet.limits.refused",
                    "Requests and tasks that a limit of their key refused",
                    "limit");

    public static final Measure RUNS_STARTED =
            Measure.counter("fleet.runs.started", "Runs of pipelines that began", "pipeline");

    public static final Measure RUNS_FINAL =
            Measure.counter("fleet.runs.final", "Runs that ended", "pipeline", "outcome");

    public static final Measure STEPS_FINAL =
            Measure.counter("fleet.steps.final", "Steps of runs that ended", "pipeline", "outcome");

    public static final List<Measure> ALL =
            List.of(
                    TASKS_ACCEPTED,
                    TASKS_REOPENED,
                    TASKS_FINAL,
                    TASKS_FAILED,
                    CRITICAL_TIME,
                    QUEUE_TIME,
                    TASKS_OPEN,
                    DISPATCH_MESSAGES,
                    DISPATCH_REFUSED,
                    DISPATCH_WAITING,
                    DISPATCH_UNCONFIRMED,
                    DISPATCH_UNCONFIRMED_OLDEST,
                    CONVERSATIONS_HALTED,
                    STORE_WAITING,
                    COMMIT_WAITING,
                    COMMIT,
                    COMMIT_TASKS,
                    SAMPLE_AGE,
                    REPLIES,
                    DEAD_LETTERS,
                    DEAD_LETTERS_OPEN,
                    RESULTS_WAITING,
                    RESULTS_OLDEST,
                    WEBHOOKS,
                    WEBHOOKS_WAITING,
                    WEBHOOKS_OVERDUE,
                    USAGE_TOKENS,
                    USAGE_COST,
                    LIMITS_REFUSED,
                    RUNS_STARTED,
                    RUNS_FINAL,
                    STEPS_FINAL);

    private ProducerMetrics() {}
}
