/** Reads the event stream: the way of tasks, and which workers there are. */
@NullMarked
package io.llmfleet.producer.event;

import org.jspecify.annotations.NullMarked;
