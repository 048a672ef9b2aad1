package io.llmfleet.producer.deadletter;

import io.llmfleet.wire.WorkerInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides from what live workers say which backends' breakers are open. */
final class Breakers {

    private Breakers() {}

    /** A model as one pool has it. */
    record Backend(String pool, String model) {}

    /**
     * Open where one worker's is: until the last one has closed the backend is not well. Nothing is
     * said of models that no live worker has.
     */
    static Map<Backend, Boolean> open(List<WorkerInfo> live) {
        Map<Backend, Boolean> open = new HashMap<>();
        for (WorkerInfo worker : live) {
            for (String model : worker.models()) {
                open.merge(
                        new Backend(worker.pool(), model),
                        worker.pausedModels().contains(model),
                        Boolean::logicalOr);
            }
        }
        return open;
    }
}
