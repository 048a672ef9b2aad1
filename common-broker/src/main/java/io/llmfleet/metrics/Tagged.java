package io.llmfleet.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The meters of one measure by the values of their tags; each is registered once and then found by
 * one look into a map.
 */
public final class Tagged<M> {

    private final Map<List<String>, M> made = new ConcurrentHashMap<>();
    private final Function<String[], M> make;

    Tagged(Function<String[], M> make) {
        this.make = make;
    }

    /** By the values of all tags, in their order. */
    public M of(String... values) {
        List<String> key = List.of(values);
        M known = made.get(key);
        return known != null ? known : made.computeIfAbsent(key, ignored -> make.apply(values));
    }
}
