package io.llmfleet.router.routing;

import io.llmfleet.model.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The rules of routing, where no file has them, and what they stand on.
 *
 * @param pools the pools whose queues exist
 * @param rules in order; the first that matches decides
 * @param tenants which models each of them may use; all where a tenant is not named
 * @param file with rules, tenants and learning in place of those here; read again when it changes
 * @param fileCheck how often it is looked at; a change holds after the second look that shows it
 * @param workerWait how long a task waits for a live worker before it is refused
 * @param warmUp how long after its start the router takes every pool for live
 * @param silence after how long without an announcement a worker counts as gone
 */
@ConfigurationProperties("fleet.routing")
public record RoutingProperties(
        @DefaultValue("default") List<String> pools,
        @DefaultValue List<RuleProperties> rules,
        @DefaultValue Map<String, TenantProperties> tenants,
        @DefaultValue LearningProperties learning,
        @Nullable Path file,
        @DefaultValue("1s") Duration fileCheck,
        @DefaultValue("1h") Duration workerWait,
        @DefaultValue("10s") Duration warmUp,
        @DefaultValue("10s") Duration silence) {

    public RoutingProperties {
        if (pools.isEmpty()) {
            throw new IllegalArgumentException(
                    "fleet.routing.pools is empty, accepted: at least one pool");
        }
        pools.forEach(p -> Names.requireWord("fleet.routing.pools", p));
        if (hasFile(file) && !(rules.isEmpty() && tenants.isEmpty())) {
            throw new IllegalArgumentException(
                    "fleet.routing.file is '"
                            + file
                            + "' beside fleet.routing.rules or fleet.routing.tenants, accepted: one"
                            + " place for rules");
        }
    }

    /** The file of rules; null where the properties have them. */
    public @Nullable Path rulesFile() {
        return hasFile(file) ? file : null;
    }

    /** What the properties say in place of a file. */
    public RulesProperties own() {
        return new RulesProperties(rules, tenants, learning);
    }

    private static boolean hasFile(@Nullable Path file) {
        return file != null && !file.toString().isBlank();
    }
}
