/** The decision itself: pure, of the task and of what is known of pools and workers. */
@NullMarked
package io.llmfleet.router.routing;

import org.jspecify.annotations.NullMarked;
