/** Copies of a fleet's store in a file, and the way back. */
@NullMarked
package io.llmfleet.cli.backup;

import org.jspecify.annotations.NullMarked;
