/** Tests of the checker. */
@NullMarked
package io.llmfleet.system.chaos.check;

import org.jspecify.annotations.NullMarked;
