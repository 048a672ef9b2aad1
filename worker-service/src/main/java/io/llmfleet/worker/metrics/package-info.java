/** The meters of this service. */
@NullMarked
package io.llmfleet.worker.metrics;

import org.jspecify.annotations.NullMarked;
