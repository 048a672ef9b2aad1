/** The names of everything that this service measures. */
@NullMarked
package io.llmfleet.producer.metrics;

import org.jspecify.annotations.NullMarked;
