/** What is next in a run: pure rules over a definition and what its steps came to so far. */
@org.jspecify.annotations.NullMarked
package io.llmfleet.producer.pipeline.run;
