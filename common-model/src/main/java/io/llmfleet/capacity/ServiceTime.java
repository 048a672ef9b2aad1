package io.llmfleet.capacity;

/**
 * How long a task holds a slot.
 *
 * @param mean in seconds, 1 / mu
 * @param cv2 squared coefficient of variation, variance / mean^2: 0 where all take the same time, 1
 *     of an exponential distribution
 */
public record ServiceTime(double mean, double cv2) {

    public ServiceTime {
        if (!(mean > 0) || Double.isInfinite(mean)) {
            throw new IllegalArgumentException("mean is " + mean + ", accepted: above 0");
        }
        if (!(cv2 >= 0) || Double.isInfinite(cv2)) {
            throw new IllegalArgumentException("cv2 is " + cv2 + ", accepted: 0 or more");
        }
    }

    public static ServiceTime exponential(double mean) {
        return new ServiceTime(mean, 1);
    }

    public static ServiceTime constant(double mean) {
        return new ServiceTime(mean, 0);
    }

    /** mu: tasks that one slot finishes in a second while it is never idle. */
    public double rate() {
        return 1 / mean;
    }
}
