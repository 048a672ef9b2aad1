/** What was seen from outside, and the verdict on it. */
@NullMarked
package io.llmfleet.system.chaos.check;

import org.jspecify.annotations.NullMarked;
