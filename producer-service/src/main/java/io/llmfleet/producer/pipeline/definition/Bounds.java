package io.llmfleet.producer.pipeline.definition;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stops an evaluation that takes too long, nests too deep or makes too much. */
final class Bounds {

    private static final int DEPTH = 200;
    private static final int CHARACTERS = 2_000_000;
    private static final int ELEMENTS = 50_000;
    private static final int RESULT_DEPTH = 80;

    private final long end;
    private int depth;
    private long made;
    private long size;

    Bounds(Duration time) {
        this.end = System.nanoTime() + time.toNanos();
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new ExpressionException("failed: it is nested deeper than " + DEPTH);
        }
        if (System.nanoTime() - end > 0) {
            throw new ExpressionException("failed: it takes too long");
        }
    }

    void leave(@Nullable Object result) {
        depth--;
        if (result instanceof CharSequence text) {
            made += text.length() > 1_000 ? text.length() : 0;
            refuse(text.length() > CHARACTERS || made > 20L * CHARACTERS);
        } else if (result instanceof Collection<?> list) {
            refuse(list.size() > ELEMENTS);
        }
    }

    /** What comes out may share parts, and be far larger written out. */
    void check(@Nullable Object value, int level) {
        refuse(level > RESULT_DEPTH);
        switch (value) {
            case null -> size += 4;
            case CharSequence text -> size += text.length();
            case Collection<?> list -> list.forEach(v -> check(v, level + 1));
            case Map<?, ?> map -> map.forEach((k, v) -> check(k, v, level));
            case Number _, Boolean _ -> size += 8;
            default -> throw new ExpressionException("failed: its value is no JSON");
        }
        size++;
        refuse(size > CHARACTERS);
    }

    private void check(Object key, @Nullable Object value, int level) {
        size += String.valueOf(key).length();
        check(value, level + 1);
    }

    private static void refuse(boolean tooLarge) {
        if (tooLarge) {
            throw new ExpressionException("failed: it makes more than is accepted");
        }
    }
}
