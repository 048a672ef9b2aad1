/** Strategies of routing side by side, on backends that drift, in simulated time. */
@NullMarked
package io.llmfleet.system.simulation;

import org.jspecify.annotations.NullMarked;
