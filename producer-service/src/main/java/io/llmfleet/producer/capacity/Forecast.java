package io.llmfleet.producer.capacity;

import io.llmfleet.capacity.WaitingLine;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the model says of a pool that may not be so; times in seconds, rates per second.
 *
 * @param stable whether the slots can do what comes; waits and length are null if not
 * @param delayProbability that a task has to wait at all
 * @param timeInSystem wait and service together
 * @param slotsNeeded for the wait that was asked for
 */
@Schema(description = "What would be; times in seconds, rates per second.")
public record Forecast(
        String pool,
        double rate,
        int slots,
        double serviceTime,
        double serviceVariation,
        double utilisation,
        boolean stable,
        double delayProbability,
        @Nullable Double meanWait,
        @Nullable Double waitP95,
        @Nullable Double timeInSystem,
        @Nullable Double queueLength,
        @Nullable Integer slotsNeeded,
        @Nullable Integer workersNeeded) {

    static Forecast of(
            String pool, WaitingLine line, @Nullable Double wanted, double slotsPerWorker) {
        Integer needed = wanted == null ? null : line.slotsFor(wanted);
        return new Forecast(
                pool,
                line.rate(),
                line.slots(),
                line.service().mean(),
                Math.sqrt(line.service().cv2()),
                line.utilisation(),
                line.stable(),
                line.delayProbability(),
                finite(line.meanWait()),
                finite(line.waitQuantile(0.95)),
                finite(line.meanWait() + line.service().mean()),
                finite(line.meanLength()),
                needed,
                needed == null ? null : (int) Math.ceil(needed / slotsPerWorker));
    }

    private static @Nullable Double finite(double value) {
        return Double.isInfinite(value) ? null : value;
    }
}
