/** Turns replies into stored results, and tells everyone who waits for them. */
@NullMarked
package io.llmfleet.producer.result;

import org.jspecify.annotations.NullMarked;
