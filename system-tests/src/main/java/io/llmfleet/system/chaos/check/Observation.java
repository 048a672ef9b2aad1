package io.llmfleet.system.chaos.check;

import io.llmfleet.system.chaos.fleet.Disturbance;
import io.llmfleet.system.chaos.load.AmqpClient.ResultMessage;
import io.llmfleet.system.chaos.load.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen from outside in one case: what clients asked for and were told, and what APIs,
 * result queue, broker and backends show after the faults are over.
 *
 * @param replays how often each task was replayed
 * @param results of AMQP clients
 * @param calls of the instant backend, a task id for each
 * @param parked dead letters that wait for a decision
 * @param depths messages that are left in queues
 * @param longestRecovery from the end of a fault to the next answer
 */
public record Observation(
        List<Attempt> attempts,
        Map<String, Integer> replays,
        List<TaskSeen> tasks,
        List<FinalEvent> events,
        List<String> replies,
        List<ResultMessage> results,
        List<String> calls,
        int parked,
        Map<String, Long> depths,
        Disturbance disturbance,
        @Nullable Duration longestRecovery) {

    /** How much was looked at, so that nobody takes a blind checker for a good fleet. */
    public String extent() {
        return "seen: "
                + tasks.size()
                + " tasks, "
                + events.size()
                + " final events, "
                + replies.size()
                + " replies, "
                + results.size()
                + " results, "
                + calls.size()
                + " calls";
    }

    /** The same with what was done meanwhile. */
    public Observation with(Disturbance done, @Nullable Duration recovery) {
        return new Observation(
                attempts, replays, tasks, events, replies, results, calls, parked, depths, done,
                recovery);
    }

    /**
     * A task as the API shows it, looked at twice.
     *
     * @param key null where neither the ledger nor its answer tells whose it is
     * @param ownAnswer false if its answer is another task's
     * @param last what a later look showed
     */
    public record TaskSeen(
            @Nullable String key, String taskId, Look first, Look last, boolean ownAnswer) {}

    /** The state and the time of a final, if there is one. */
    public record Look(String state, @Nullable String finishedAt) {

        private static final List<String> FINAL =
                List.of("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");

        public boolean isFinal() {
            return FINAL.contains(state);
        }
    }

    /** A final event; the same final told twice has the same time. */
    public record FinalEvent(String taskId, String state, String at) {}
}
