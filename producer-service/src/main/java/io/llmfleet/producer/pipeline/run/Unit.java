package io.llmfleet.producer.pipeline.run;

import tools.jackson.databind.JsonNode;

/** How far a step is with one item. */
sealed interface Unit {

    record Done(JsonNode output) implements Unit {}

    record Failed(Problem problem) implements Unit {}

    /** A task of it is on its way. */
    record Open() implements Unit {}

    /** This task is next. */
    record Due(CallKey key, JsonNode request) implements Unit {}
}
