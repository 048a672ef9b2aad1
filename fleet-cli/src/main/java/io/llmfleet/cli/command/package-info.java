/** One class per command. */
@NullMarked
package io.llmfleet.cli.command;

import org.jspecify.annotations.NullMarked;
