/** The names of everything that this service measures. */
@NullMarked
package io.llmfleet.worker.metrics;

import org.jspecify.annotations.NullMarked;
