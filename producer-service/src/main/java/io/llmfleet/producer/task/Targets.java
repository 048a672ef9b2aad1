package io.llmfleet.producer.task;

import java.util.Collection;

/** Which targets tasks may name. */
public interface Targets {

    /** Whether some router would know where to send it, as far as this replica can tell. */
    boolean accepts(String target);

    /** For messages: what may be named at present. */
    Collection<String> accepted();
}
