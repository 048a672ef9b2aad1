package io.llmfleet.producer.dispatch;

import java.time.Duration;

/**
 * How fast tasks are worked on, learned from looks at the store.
 *
 * @param perSecond tasks that become final
 * @param running tasks in workers' hands
 * @param learnedSeconds how long it was measured while more waited than the window took; 0 if the
 *     workers' limit is not known yet
 */
record Pace(double perSecond, double running, double learnedSeconds) {

    static final Pace UNKNOWN = new Pace(0, 0, 0);

    /** Over how many seconds the rate is averaged: calls that began together end together. */
    private static final double RATE_SECONDS = 2;

    /** How slowly slots are forgotten that are not seen busy. */
    private static final double RUNNING_SECONDS = 10;

    /** Of the running tasks' number, how many may lie ready: a wait of a quarter of a call. */
    private static final double READY = 0.25;

    private static final long LEAST_READY = 2;

    /**
     * One look later.
     *
     * @param finals since the last look
     * @param runningNow tasks that run at this look
     * @param seconds since the last look
     * @param saturated whether tasks waited all the time, so that this is all that the workers do;
     *     otherwise it is the least that they can do
     */
    Pace after(long finals, long runningNow, double seconds, boolean saturated) {
        double rate = finals / seconds;
        if (!saturated) {
            return new Pace(
                    learnedSeconds > 0 ? perSecond : Math.max(perSecond, rate),
                    Math.max(running, runningNow),
                    learnedSeconds);
        }
        double learned = learnedSeconds + seconds;
        double known = learnedSeconds > 0 ? perSecond : 0;
        double weight = seconds / Math.min(learned, Math.max(seconds, RATE_SECONDS));
        double kept = running * Math.exp(-seconds / RUNNING_SECONDS);
        return new Pace(known + weight * (rate - known), Math.max(runningNow, kept), learned);
    }

    boolean learned() {
        return learnedSeconds > 0;
    }

    /**
     * How many tasks may be in line for workers or with them: what runs, and what they take in the
     * time ahead.
     */
    long window(Duration ahead) {
        return Math.round(running) + Math.max(LEAST_READY, (long) Math.ceil(ready(running, ahead)));
    }

    /** The same of one lane, by what runs of it now. */
    long ownWindow(long runningNow, Duration ahead) {
        return runningNow + (long) ready(runningNow, ahead);
    }

    private double ready(double running, Duration ahead) {
        return Math.max(READY * running, perSecond * ahead.toMillis() / 1_000.0);
    }
}
