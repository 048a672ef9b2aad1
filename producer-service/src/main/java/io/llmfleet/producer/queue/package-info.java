/** Says where a task is in line, and when it may start. */
@NullMarked
package io.llmfleet.producer.queue;

import org.jspecify.annotations.NullMarked;
