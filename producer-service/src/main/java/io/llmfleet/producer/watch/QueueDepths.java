package io.llmfleet.producer.watch;

import java.util.Map;

/** How much waits in the broker. */
public interface QueueDepths {

    /**
     * Messages by queue, of the queues of tasks, replies and dead letters; a second old at most. A
     * queue that is gone is left out, and so is every one while the broker is away.
     */
    Map<String, Long> now();
}
