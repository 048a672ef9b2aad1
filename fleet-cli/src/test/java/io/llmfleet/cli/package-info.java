/** The command, from outside and in its parts. */
@NullMarked
package io.llmfleet.cli;

import org.jspecify.annotations.NullMarked;
