/**
 * Several tasks that work together: definitions and runs in the store, and who goes on with them.
 */
@org.jspecify.annotations.NullMarked
package io.llmfleet.producer.pipeline;
