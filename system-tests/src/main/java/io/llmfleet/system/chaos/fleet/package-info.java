/** A fleet under test as processes, and the tools that disturb and look at it from outside. */
@NullMarked
package io.llmfleet.system.chaos.fleet;

import org.jspecify.annotations.NullMarked;
