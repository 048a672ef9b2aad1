/** Whether what a cluster is told is what was meant, without a cluster. */
@NullMarked
package io.llmfleet.system.kubernetes;

import org.jspecify.annotations.NullMarked;
