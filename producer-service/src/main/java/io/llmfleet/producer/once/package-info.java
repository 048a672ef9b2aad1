/** Requests that change something and may come twice: they are done once. */
@NullMarked
package io.llmfleet.producer.once;

import org.jspecify.annotations.NullMarked;
