/** What a person types: commands and how their answers and errors look. */
@NullMarked
package io.llmfleet.cli;

import org.jspecify.annotations.NullMarked;
