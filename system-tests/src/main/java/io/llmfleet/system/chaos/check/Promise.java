package io.llmfleet.system.chaos.check;

import java.time.Duration;

/**
 * What a case promises beyond what every case does.
 *
 * @param parked dead letters that belong to the case
 * @param repeatsCalls whether its faults make backends be called again by design
 * @param recovery the longest time from the end of a fault to the next answer
 */
public record Promise(int parked, boolean repeatsCalls, Duration recovery) {

    public static final Promise USUAL = new Promise(0, false, Duration.ofSeconds(30));

    public Promise parks(int letters) {
        return new Promise(letters, repeatsCalls, recovery);
    }

    public Promise mayRepeatCalls() {
        return new Promise(parked, true, recovery);
    }
}
