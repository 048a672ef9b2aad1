/** How what a person types is read. */
@NullMarked
package io.llmfleet.cli.command;

import org.jspecify.annotations.NullMarked;
