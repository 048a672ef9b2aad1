package io.llmfleet.worker.backend;

import tools.jackson.databind.JsonNode;

/** Takes the pieces of an answer while it is made. */
public interface DeltaSink {

    /** For a call whose pieces nobody wants. */
    DeltaSink NONE =
            new DeltaSink() {
                @Override
                public boolean wanted() {
                    return false;
                }

                @Override
                public void add(JsonNode choices) {}

                @Override
                public void startAnew() {}
            };

    /** Whether the answer shall be asked for in pieces. */
    boolean wanted();

    /**
     * @param choices of an OpenAI chat completion chunk: objects with {@code index} and {@code
     *     delta}
     */
    void add(JsonNode choices);

    /** What was added before is void; does nothing where nothing was. */
    void startAnew();
}
