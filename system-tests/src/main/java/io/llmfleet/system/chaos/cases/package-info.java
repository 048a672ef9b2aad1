/** One class per case. */
@NullMarked
package io.llmfleet.system.chaos.cases;

import org.jspecify.annotations.NullMarked;
