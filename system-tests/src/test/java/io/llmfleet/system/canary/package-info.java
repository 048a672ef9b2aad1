/** Looks for a prompt's words wherever they must not be, and at the traces of a whole fleet. */
@NullMarked
package io.llmfleet.system.canary;

import org.jspecify.annotations.NullMarked;
