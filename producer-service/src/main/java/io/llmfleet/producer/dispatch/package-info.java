/** Sends accepted tasks to the broker and keeps after them until they are final. */
@NullMarked
package io.llmfleet.producer.dispatch;

import org.jspecify.annotations.NullMarked;
