package io.llmfleet.producer.event;

import io.llmfleet.wire.WorkerInfo;
import java.util.List;

/** Which workers there are. */
public interface Workers {

    /** Those that were heard in the last ten seconds and are not leaving, by pool and name. */
    List<WorkerInfo> live();
}
