package io.llmfleet.producer.capacity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool in the last window, measured and as the model has it; times in seconds, rates per second.
 *
 * @param slots c, of live workers
 * @param arrivalRate lambda
 * @param deliveryRate V: starts
 * @param processingRate P: ends
 * @param queueLength L: unfinished tasks, now
 * @param serviceRate mu, of one slot; null before a task has ended
 * @param serviceVariation coefficient of variation of the service time
 * @param utilisation rho = lambda / (c mu)
 */
@Schema(description = "A pool lately; times in seconds, rates per second.")
public record PoolLoad(
        String pool,
        int workers,
        int slots,
        double arrivalRate,
        double deliveryRate,
        double processingRate,
        long queueLength,
        @Nullable Double serviceTime,
        @Nullable Double serviceVariation,
        @Nullable Double serviceRate,
        @Nullable Double utilisation,
        Wait waits,
        Little little,
        List<ClassLoad> priorities) {

    /**
     * From acceptance to the start.
     *
     * @param measured mean of the window
     * @param predicted mean by the model, the way included; null where nothing is known, or where
     *     more comes than can be done
     * @param predictedP95 likewise; of the pool as a whole
     * @param way to a slot that is free, part of both means
     */
    @Schema(name = "PoolWait")
    public record Wait(
            @Nullable Double measured,
            @Nullable Double predicted,
            @Nullable Double predictedP95,
            @Nullable Double way) {}

    /**
     * Little's law, L = lambda W, which holds while the pool neither fills nor empties.
     *
     * @param length L, tasks that were here on average in the window
     * @param timeInSystem W, mean time from acceptance to the end
     * @param ratio L / (lambda W)
     */
    @Schema(name = "LittlesLaw")
    public record Little(double length, @Nullable Double timeInSystem, @Nullable Double ratio) {}

    /** The tasks of one priority. */
    @Schema(name = "PriorityLoad")
    public record ClassLoad(
            String priority,
            double arrivalRate,
            double deliveryRate,
            double processingRate,
            long queueLength,
            @Nullable Double waitMeasured,
            @Nullable Double waitPredicted) {}
}
