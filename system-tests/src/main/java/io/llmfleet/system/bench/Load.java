package io.llmfleet.system.bench;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A way to hand single tasks in and to hear of their answers. */
interface Load extends AutoCloseable {

    /** As it is named in the report. */
    String name();

    /**
     * Hands one task in and returns.
     *
     * @param ended called once, from any thread: with null when the answer is there, else with what
     *     happened instead
     */
    void send(Consumer<@Nullable String> ended);

    @Override
    void close();
}
