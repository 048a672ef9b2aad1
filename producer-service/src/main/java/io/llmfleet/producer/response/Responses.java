package io.llmfleet.producer.response;

import java.util.Optional;
import java.util.UUID;

/** The facade of the responses: what was asked for, until its task's content is gone. */
public interface Responses {

    /** Keeps one whose task is about to be submitted. */
    void keep(KeptResponse response);

    /** The response, unless it is another tenant's or does not exist. */
    Optional<KeptResponse> find(String tenant, UUID task);

    /** Forgets one whose task was not submitted. */
    void forget(UUID task);
}
