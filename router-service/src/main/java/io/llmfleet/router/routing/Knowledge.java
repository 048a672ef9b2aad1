package io.llmfleet.router.routing;

import io.llmfleet.wire.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What the router knows at one moment.
 *
 * @param live workers that were heard lately and are not leaving
 * @param warmingUp whether the router started, or heard again after a silence, so lately that a
 *     pool without workers may yet turn out to have some
 * @param missedModels of workers that are gone, but not for longer than the router waits for them
 */
public record Knowledge(
        List<WorkerInfo> live, boolean warmingUp, Instant now, Set<String> missedModels) {

    Knowledge(List<WorkerInfo> live, boolean warmingUp, Instant now) {
        this(live, warmingUp, now, Set.of());
    }

    /** Whether someone who is not there now may have the model. */
    boolean mayComeBack(String model) {
        return live.isEmpty() || missedModels.contains(model);
    }

    public List<WorkerInfo> in(String pool) {
        return live.stream().filter(w -> w.pool().equals(pool)).toList();
    }
}
