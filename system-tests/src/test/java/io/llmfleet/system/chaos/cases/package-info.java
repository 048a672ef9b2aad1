/** Tests of cases and of their plans. */
@NullMarked
package io.llmfleet.system.chaos.cases;

import org.jspecify.annotations.NullMarked;
