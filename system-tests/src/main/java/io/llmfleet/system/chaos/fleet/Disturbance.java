package io.llmfleet.system.chaos.fleet;

/**
 * What was done to a fleet.
 *
 * @param callsInFlight how many calls may have been running in all when something was killed
 */
public record Disturbance(int brokerKills, int serviceKills, int cuts, int callsInFlight) {

    /** What was added to an earlier one. */
    public Disturbance since(Disturbance before) {
        return new Disturbance(
                brokerKills - before.brokerKills,
                serviceKills - before.serviceKills,
                cuts - before.cuts,
                callsInFlight - before.callsInFlight);
    }
}
