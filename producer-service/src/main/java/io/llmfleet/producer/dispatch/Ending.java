package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.FinalOutcome;
import java.util.List;

/** Ends tasks for another reason than a reply, and tells everyone who has to know. */
public interface Ending {

    /** Stores these finals and returns those that took effect. */
    List<FinalOutcome> end(List<FinalOutcome> outcomes);

    /** Ends what is past its deadline, at most {@code limit} tasks. */
    List<FinalOutcome> expire(int limit);
}
