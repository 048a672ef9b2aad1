package io.llmfleet.worker.backend;

import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/** Passes pieces on and says how long the first one took. */
final class FirstPiece implements DeltaSink {

    private final DeltaSink sink;
    private final LongConsumer nanos;
    private final long start = System.nanoTime();
    private boolean seen;

    FirstPiece(DeltaSink sink, LongConsumer nanos) {
        this.sink = sink;
        this.nanos = nanos;
    }

    @Override
    public boolean wanted() {
        return sink.wanted();
    }

    @Override
    public void add(JsonNode choices) {
        if (!seen) {
            seen = true;
            nanos.accept(System.nanoTime() - start);
        }
        sink.add(choices);
    }

    @Override
    public void startAnew() {
        sink.startAnew();
    }
}
