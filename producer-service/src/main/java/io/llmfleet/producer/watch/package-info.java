/** Finds tasks whose messages are gone with a queue that someone deleted. */
@NullMarked
package io.llmfleet.producer.watch;

import org.jspecify.annotations.NullMarked;
