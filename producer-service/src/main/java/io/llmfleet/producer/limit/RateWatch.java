package io.llmfleet.producer.limit;

import java.util.function.Consumer;

/**
 * Lets whoever answers a request know what is left of the key's tokens once a task of the request
 * has taken some.
 */
public final class RateWatch {

    /** Bound while a request is handled, in its thread. */
    public static final ScopedValue<Consumer<Window>> TOKENS = ScopedValue.newInstance();

    private RateWatch() {}

    static void tell(Window tokens) {
        if (TOKENS.isBound()) {
            TOKENS.get().accept(tokens);
        }
    }
}
