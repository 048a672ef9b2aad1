package io.llmfleet.capacity;

/**
 * A pool as an M/G/c queue in its steady state: tasks come at random, wait in one line, and leave
 * it to the first of c slots that is free. Times in seconds, rates per second; where more comes
 * than can be done there is no steady state, and waits are infinite.
 *
 * @param rate lambda, how many tasks come in a second on average (a Poisson process)
 * @param slots c
 */
public record WaitingLine(double rate, int slots, ServiceTime service) {

    /** Beyond it nobody would ask, and looking for a number of slots has to end. */
    private static final int MOST_SLOTS = 1_000_000;

    public WaitingLine {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("rate is " + rate + ", accepted: 0 or more");
        }
        if (slots < 1 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "slots is " + slots + ", accepted: 1 to " + MOST_SLOTS);
        }
    }

    /** a = lambda / mu: slots that are busy on average (Little's law for the slots). */
    public double load() {
        return rate * service.mean();
    }

    /** rho = lambda / (c mu): the part of the slots that is busy; 1 or more is too much. */
    public double utilisation() {
        return load() / slots;
    }

    /** Whether the line has an end. */
    public boolean stable() {
        return utilisation() < 1;
    }

    /**
     * Erlang's C formula: the probability that all slots of an M/M/c queue are busy when a task
     * comes. By way of B, whose recursion B(c) = a B(c-1) / (c + a B(c-1)) neither overflows nor
     * cancels (Gross, Shortle, Thompson, Harris: Fundamentals of Queueing Theory, 4th edition,
     * sections 2.3 and 2.5).
     */
    public double delayProbability() {
        if (!stable()) {
            return 1;
        }
        double b = 1;
        for (int k = 1; k <= slots; k++) {
            b = load() * b / (k + load() * b);
        }
        return b / (1 - utilisation() * (1 - b));
    }

    /**
     * The mean wait in line. Kimura's interpolation (A two-moment approximation for the mean
     * waiting time in the GI/G/s queue, Management Science 32, 1986) between M/M/c and M/D/c by
     * cv2; exact for both M/M/c and, with one slot, every distribution (Pollaczek-Khinchine).
     */
    public double meanWait() {
        if (!stable()) {
            return Double.POSITIVE_INFINITY;
        }
        double random = exponentialWait();
        if (random == 0) {
            return 0;
        }
        double constant = constantWait(random);
        double cv2 = service.cv2();
        return slots == 1
                ? random * (1 + cv2) / 2
                : (1 + cv2) / (2 * cv2 / random + (1 - cv2) / constant);
    }

    /** M/M/c: C / (c mu - lambda). */
    private double exponentialWait() {
        return delayProbability() / (slots * service.rate() - rate);
    }

    /**
     * M/D/c by Cosmetatos (Some approximate equilibrium results for the multi-server queue M/G/r,
     * Operational Research Quarterly 27, 1976).
     */
    private double constantWait(double random) {
        double rho = utilisation();
        double correction =
                (1 - rho) * (slots - 1) * (Math.sqrt(4 + 5.0 * slots) - 2) / (16 * slots * rho);
        return random / 2 * (1 + correction);
    }

    /**
     * The wait that a share of the tasks does not exceed. Exact for M/M/c, where who waits at all
     * waits exponentially long; for other service times that shape is kept with their own mean,
     * which the tail of a line comes near to the busier it is (Tijms: A First Course in Stochastic
     * Models, section 9.6).
     *
     * @param share such as 0.95
     */
    public double waitQuantile(double share) {
        if (!stable()) {
            return Double.POSITIVE_INFINITY;
        }
        double delayed = delayProbability();
        double beyond = 1 - share;
        return beyond >= delayed ? 0 : meanWait() / delayed * Math.log(delayed / beyond);
    }

    /**
     * The mean wait of a class of tasks before which others go, without interrupting what runs:
     * Cobham (Priority assignment in waiting line problems, Operations Research 2, 1954), with this
     * line's own mean for what all classes share. Exact for one slot and for exponential times of
     * one mean; the small share that the fleet guarantees to lower priorities is left out.
     *
     * @param higher how many tasks a second go first
     * @param own tasks a second of the class; both are part of this line's rate
     */
    public double meanWait(double higher, double own) {
        double before = higher * service.mean() / slots;
        double together = (higher + own) * service.mean() / slots;
        if (together >= 1 || !stable()) {
            return Double.POSITIVE_INFINITY;
        }
        return meanWait() * (1 - utilisation()) / ((1 - before) * (1 - together));
    }

    /** L = lambda W: tasks that are here on average, waiting or running. */
    public double meanLength() {
        return rate * (meanWait() + service.mean());
    }

    /** The same with another number of slots. */
    public WaitingLine with(int newSlots) {
        return new WaitingLine(rate, newSlots, service);
    }

    /**
     * How many slots it takes.
     *
     * @param wait the longest mean wait that is accepted, in seconds
     */
    public int slotsFor(double wait) {
        if (!(wait >= 0)) {
            throw new IllegalArgumentException("wait is " + wait + ", accepted: 0 or more");
        }
        double least = Math.max(1, Math.floor(load()) + (load() > 0 ? 1 : 0));
        if (least > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "the load is " + load() + " slots, accepted: below " + MOST_SLOTS);
        }
        int slotsTried = (int) least;
        while (slotsTried < MOST_SLOTS && with(slotsTried).meanWait() > wait) {
            slotsTried++;
        }
        return slotsTried;
    }
}
