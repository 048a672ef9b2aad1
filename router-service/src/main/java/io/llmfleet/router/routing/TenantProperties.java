package io.llmfleet.router.routing;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which models a tenant may use; {@code *} stands for any characters.
 *
 * @param allow models that it may use; all where it is empty
 * @param deny models that it may not use, though allowed
 */
public record TenantProperties(@DefaultValue List<String> allow, @DefaultValue List<String> deny) {

    static final TenantProperties ALL = new TenantProperties(List.of(), List.of());

    boolean permits(String model) {
        return (allow.isEmpty() || any(allow, model)) && !any(deny, model);
    }

    private static boolean any(List<String> patterns, String model) {
        return patterns.stream().anyMatch(p -> pattern(p).matcher(model).matches());
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
    }
}
