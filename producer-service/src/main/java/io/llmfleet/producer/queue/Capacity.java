package io.llmfleet.producer.queue;

import io.llmfleet.model.Names;
import io.llmfleet.wire.WorkerInfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the live workers that serve a task can do together.
 *
 * @param free slots that nothing runs in
 * @param perSecond tasks that they finish while all slots are busy: the sum of slots / mean time
 */
record Capacity(int free, double perSecond) {

    /** Below this a mean would only say how fast nothing is. */
    private static final double LEAST_MILLIS = 0.1;

    /**
     * A worker that has not done a task yet is taken for an average one; empty if there is no
     * worker, or none has done a task.
     */
    static Optional<Capacity> of(Waiter task, List<WorkerInfo> live) {
        List<WorkerInfo> serving = live.stream().filter(w -> serves(w, task)).toList();
        double average =
                serving.stream()
                        .map(WorkerInfo::taskMillis)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(Double.NaN);
        if (Double.isNaN(average)) {
            return Optional.empty();
        }
        int free = serving.stream().mapToInt(w -> Math.max(0, w.slots() - w.running())).sum();
        double perSecond =
                serving.stream().mapToDouble(w -> w.slots() * 1000.0 / millis(w, average)).sum();
        return Optional.of(new Capacity(free, perSecond));
    }

    private static double millis(WorkerInfo worker, double average) {
        Double own = worker.taskMillis();
        return Math.max(LEAST_MILLIS, own == null ? average : own);
    }

    /** As the router chooses, as far as it can be known before it has. */
    private static boolean serves(WorkerInfo worker, Waiter task) {
        boolean paused =
                !worker.models().isEmpty() && worker.pausedModels().containsAll(worker.models());
        if (paused || !worker.types().contains(task.type())) {
            return false;
        }
        return task.pool() == null
                ? isFor(worker, task.target())
                : worker.pool().equals(task.pool());
    }

    private static boolean isFor(WorkerInfo worker, String target) {
        return target.equals(Names.ANY)
                || worker.pool().equals(target)
                || worker.models().contains(target) && !worker.pausedModels().contains(target);
    }
}
