package io.llmfleet.router.broker;

import io.llmfleet.wire.RetryLadder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The retry ladder as the topology has it.
 *
 * @param levels by comma, such as {@code 5s,30s,2m}
 */
@ConfigurationProperties("fleet.retry")
record RetryLadderProperties(@DefaultValue("5s,30s,2m,10m,1h") String levels) {

    RetryLadder ladder() {
        return RetryLadder.parse(levels);
    }
}
