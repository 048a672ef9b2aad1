package io.llmfleet.router.routing;

import io.llmfleet.choice.Learning;
import io.llmfleet.choice.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Rules that were checked as a whole, and whose examples are encoded. */
public final class RuleBook {

    private final List<Rule> rules;
    private final Map<String, TenantProperties> tenants;
    private final Learning learning;

    /**
     * @param where the rules stand, for messages: the start of a property's name
     * @param encoder asked for only if a rule has examples
     * @throws IllegalArgumentException naming the place, what stands there and what is accepted
     */
    public RuleBook(
            String where, RulesProperties said, List<String> pools, Supplier<Encoder> encoder) {
        RuleCheck check = new RuleCheck(where, pools);
        check.learning(said.learning());
        List<Rule> all = new ArrayList<>();
        for (int i = 0; i < said.rules().size(); i++) {
            RuleProperties rule = said.rules().get(i);
            check.rule("rules[" + i + "]", rule);
            all.add(Rule.of(i + 1, rule, encoder));
        }
        this.rules = List.copyOf(all);
        this.tenants = Map.copyOf(said.tenants());
        this.learning = said.learning().learning();
    }

    Optional<Rule> match(Asked asked) {
        return rules.stream().filter(rule -> rule.matches(asked)).findFirst();
    }

    TenantProperties tenant(String name) {
        return tenants.getOrDefault(name, TenantProperties.ALL);
    }

    public Learning learning() {
        return learning;
    }

    public int size() {
        return rules.size();
    }

    /** Whether some rule stands on what becomes of tasks. */
    public boolean learns() {
        return rules.stream()
                .map(Rule::said)
                .anyMatch(
                        r ->
                                r.strategy() == Strategy.ADAPTIVE
                                        || r.strategy() == Strategy.LEAST_LOADED
                                        || r.budgetFrom() != null);
    }
}
