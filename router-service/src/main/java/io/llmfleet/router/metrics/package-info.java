/** The meters of this service. */
@NullMarked
package io.llmfleet.router.metrics;

import org.jspecify.annotations.NullMarked;
