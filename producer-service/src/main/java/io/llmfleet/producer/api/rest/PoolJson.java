package io.llmfleet.producer.api.rest;

import io.llmfleet.wire.WorkerInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** A pool as the API shows it: its live workers together. */
@Schema(name = "Pool", description = "Identical workers that share queues.")
record PoolJson(
        @Schema(example = "default") String name,
        @Schema(description = "Live workers.") int workers,
        @Schema(description = "Calls that they make at once.") int slots,
        @Schema(description = "Calls that they make now.") int running,
        Collection<String> models,
        Collection<String> types) {

    static PoolJson of(String name, List<WorkerInfo> live) {
        List<WorkerInfo> workers = live.stream().filter(w -> w.pool().equals(name)).toList();
        return new PoolJson(
                name,
                workers.size(),
                workers.stream().mapToInt(WorkerInfo::slots).sum(),
                workers.stream().mapToInt(WorkerInfo::running).sum(),
                union(workers, WorkerInfo::models),
                union(workers, WorkerInfo::types));
    }

    private static Collection<String> union(
            List<WorkerInfo> workers, Function<WorkerInfo, List<String>> of) {
        TreeSet<String> all = new TreeSet<>();
        workers.forEach(w -> all.addAll(of.apply(w)));
        return all;
    }
}
