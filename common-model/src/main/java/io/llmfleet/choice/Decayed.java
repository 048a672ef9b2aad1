package io.llmfleet.choice;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sums of attempts in which old ones fade: by half each half-life, and by {@code 1 - 1 / memory}
 * with each new one (discounted sums, as in Garivier and Moulines, "On Upper-Confidence Bound
 * Policies for Switching Bandit Problems", ALT 2011).
 */
final class Decayed {

    private double attempts;
    private double successes;
    private double timed;
    private double millis;
    private double priced;
    private double cost;
    private Instant at;

    Decayed(Instant at) {
        this.at = at;
    }

    void add(Outcome outcome, Instant now, Learning learning) {
        fade(now, learning.halfLife());
        scale(1 - 1.0 / learning.memory());
        attempts++;
        successes += outcome.succeeded() ? 1 : 0;
        if (outcome.millis() != null) {
            timed++;
            millis += outcome.millis();
        }
        if (outcome.cost() != null) {
            priced++;
            cost += outcome.cost();
        }
    }

    /** What is left of it now, with the success and the means of {@code prior} mixed in. */
    Estimate estimate(Estimate prior, double priorAttempts, Instant now, Learning learning) {
        fade(now, learning.halfLife());
        return new Estimate(
                attempts,
                (successes + priorAttempts * prior.success()) / (attempts + priorAttempts),
                mean(millis, timed, prior.millis(), priorAttempts),
                mean(cost, priced, prior.cost(), priorAttempts));
    }

    private static @Nullable Double mean(
            double sum, double count, @Nullable Double prior, double priorCount) {
        if (prior != null) {
            return (sum + priorCount * prior) / (count + priorCount);
        }
        return count < 1e-9 ? null : Double.valueOf(sum / count);
    }

    private void fade(Instant now, Duration halfLife) {
        double passed = Duration.between(at, now).toMillis() / (double) halfLife.toMillis();
        if (passed > 0) {
            scale(Math.pow(0.5, passed));
            at = now;
        }
    }

    private void scale(double factor) {
        attempts *= factor;
        successes *= factor;
        timed *= factor;
        millis *= factor;
        priced *= factor;
        cost *= factor;
    }
}
