package io.llmfleet.producer.pipeline;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A task of a run that is stored as planned, and may be accepted already. */
record PlannedCall(Run run, UUID task, JsonNode request) {}
