package io.llmfleet.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the values of a tag that users choose from growing without end: the first ones keep their
 * names, all later ones are {@value #OTHER}.
 */
public final class BoundedTag {

    public static final String OTHER = "other";

    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final AtomicInteger room;

    public BoundedTag(int limit) {
        this.room = new AtomicInteger(limit);
    }

    public String of(String value) {
        if (named.contains(value)) {
            return value;
        }
        if (room.get() <= 0) {
            return OTHER;
        }
        if (named.add(value)) {
            room.decrementAndGet();
        }
        return value;
    }
}
