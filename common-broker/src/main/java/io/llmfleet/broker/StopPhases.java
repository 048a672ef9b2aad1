package io.llmfleet.broker;

import org.springframework.context.SmartLifecycle;

/** When what reads from the broker stops, beside the phases of the web server. */
final class StopPhases {

    /** The web server lets its requests end 1024 below the default, and stops 1024 below that. */
    static final int AFTER_REQUESTS = SmartLifecycle.DEFAULT_PHASE - 4096;

    private StopPhases() {}
}
