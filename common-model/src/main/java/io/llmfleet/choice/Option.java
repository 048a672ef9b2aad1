package io.llmfleet.choice;

/**
 * A candidate as it stands at this moment.
 *
 * @param inFlight tasks that went to its pool and have not ended
 * @param slots of the live workers that can take it
 */
public record Option(Candidate candidate, Estimate estimate, int inFlight, int slots) {

    /** How full it would be with one task more; 1 is a pool whose slots are all taken. */
    public double load() {
        return (inFlight + 1.0) / Math.max(1, slots);
    }

    /** What it is expected to cost: as learned, else as its price says. */
    public double cost() {
        Double learned = estimate.cost();
        return learned == null ? candidate.price() : learned;
    }
}
