/** How busy pools are, how long tasks wait in them, and what would be if. */
@NullMarked
package io.llmfleet.producer.capacity;

import org.jspecify.annotations.NullMarked;
