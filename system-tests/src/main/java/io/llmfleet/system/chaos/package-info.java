/** Breaks fleets on purpose and tells whether their promises held. */
@NullMarked
package io.llmfleet.system.chaos;

import org.jspecify.annotations.NullMarked;
