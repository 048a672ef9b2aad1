/** Spans of tasks on their way, where they are exported; else next to nothing. */
@NullMarked
package io.llmfleet.tracing;

import org.jspecify.annotations.NullMarked;
