/** Tasks by every way in, and a record of what was asked and what was answered. */
@NullMarked
package io.llmfleet.system.chaos.load;

import org.jspecify.annotations.NullMarked;
