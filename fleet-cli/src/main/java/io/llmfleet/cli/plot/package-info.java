/** Draws the model's plots. */
@NullMarked
package io.llmfleet.cli.plot;

import org.jspecify.annotations.NullMarked;
