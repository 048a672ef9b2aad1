package io.llmfleet.system.bench;

import java.util.List;

/**
 * What the fleet predicts of its waits beside the waits that it has.
 *
 * @param serviceSeconds the mean time of a call, exponentially distributed
 */
record ModelReport(
        String machine, String broker, int slots, double serviceSeconds, List<Run> runs) {

    /**
     * One load.
     *
     * @param rho the utilisation that was meant
     * @param tasks that came at random
     * @param utilisation that was measured
     * @param ideal mean wait of the same tasks in a line that costs nothing, in seconds
     * @param predicted mean wait in seconds, from the measured rate and service time
     * @param measured mean wait in seconds
     * @param little the measured tasks in the fleet, by rate times time in it
     */
    record Run(
            double rho,
            int tasks,
            double utilisation,
            double ideal,
            double predicted,
            double measured,
            double little) {

        /** The prediction's error in percent of what was measured. */
        double errorPercent() {
            return 100 * (predicted - measured) / measured;
        }
    }
}
