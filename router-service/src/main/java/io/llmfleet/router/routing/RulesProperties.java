package io.llmfleet.router.routing;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All that a file of rules may say.
 *
 * @param rules in order; the first that matches decides
 * @param tenants which models each of them may use; all where a tenant is not named
 */
public record RulesProperties(
        @DefaultValue List<RuleProperties> rules,
        @DefaultValue Map<String, TenantProperties> tenants,
        @DefaultValue LearningProperties learning) {}
