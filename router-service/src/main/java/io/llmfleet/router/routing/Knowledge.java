package io.llmfleet.router.routing;

import io.llmfleet.wire.WorkerInfo;
import java.time.Instant;
import java.util.List;

/**
 * What the router knows at one moment.
 *
 * @param live workers that were heard lately and are not leaving
 * @param warmingUp whether the router started so lately that a pool without workers may yet turn
 *     out to have some
 */
public record Knowledge(List<WorkerInfo> live, boolean warmingUp, Instant now) {

    List<WorkerInfo> in(String pool) {
        return live.stream().filter(w -> w.pool().equals(pool)).toList();
    }
}
