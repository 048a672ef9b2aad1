/** Lets a running task send tasks to others, and go on with what became of them. */
@NullMarked
package io.llmfleet.producer.delegation;

import org.jspecify.annotations.NullMarked;
