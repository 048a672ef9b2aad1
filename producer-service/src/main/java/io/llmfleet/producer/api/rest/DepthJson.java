package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.media.Schema;

/** A queue of the broker as the API shows it. */
@Schema(name = "Depth", description = "How much waits in a queue of the broker.")
record DepthJson(@Schema(example = "llm.ingress.normal") String queue, long messages) {}
