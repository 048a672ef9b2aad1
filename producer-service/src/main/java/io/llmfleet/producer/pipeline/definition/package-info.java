/** What a pipeline is: its steps as written, checked when it is stored, and its expressions. */
@org.jspecify.annotations.NullMarked
package io.llmfleet.producer.pipeline.definition;
