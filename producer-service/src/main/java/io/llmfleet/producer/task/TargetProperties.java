package io.llmfleet.producer.task;

import io.llmfleet.model.Names;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which targets tasks may name, beside {@code any} and the models of live workers.
 *
 * @param pools the pools whose queues exist, as the router has them
 * @param others names that only the router's rules know
 */
@ConfigurationProperties("fleet.targets")
public record TargetProperties(
        @DefaultValue("default") List<String> pools, @DefaultValue List<String> others) {

    public TargetProperties {
        if (pools.isEmpty()) {
            throw new IllegalArgumentException(
                    "fleet.targets.pools is empty, accepted: at least one pool");
        }
        pools.forEach(p -> Names.requireWord("fleet.targets.pools", p));
        for (String other : others) {
            if (!Names.TARGET.matcher(other).matches()) {
                throw new IllegalArgumentException(
                        "fleet.targets.others has '"
                                + other
                                + "', accepted: "
                                + Names.TARGET.pattern());
            }
        }
    }
}
