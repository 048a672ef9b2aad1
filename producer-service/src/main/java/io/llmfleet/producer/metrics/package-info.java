/** The meters of this service. */
@NullMarked
package io.llmfleet.producer.metrics;

import org.jspecify.annotations.NullMarked;
