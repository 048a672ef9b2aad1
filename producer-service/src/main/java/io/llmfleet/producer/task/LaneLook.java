package io.llmfleet.producer.task;

import io.llmfleet.producer.task.OpenTasks.Lane;

/**
 * What a look at the store showed of a lane.
 *
 * @param waiting tasks that nobody claimed yet, counted up to a limit
 * @param inBroker claimed or sent, and not final
 * @param running of those in the broker: with a worker, of a pool that has one
 * @param takenSeconds the mean time since these went to the broker
 * @param retrying of those in the broker: wait for their next attempt, in nobody's way
 * @param untaken of those in the broker: with no worker for longer than was asked for, see {@link
 *     LaneLooks.Untaken}
 * @param stayed of those in the broker: there since the look before
 */
public record LaneLook(
        Lane lane,
        long waiting,
        long inBroker,
        long running,
        double takenSeconds,
        long retrying,
        long untaken,
        long stayed) {

    /** With a worker, or in line for one. */
    public long inLine() {
        return inBroker - retrying - untaken;
    }
}
