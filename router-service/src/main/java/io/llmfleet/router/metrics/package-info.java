/** The names of everything that this service measures. */
@NullMarked
package io.llmfleet.router.metrics;

import org.jspecify.annotations.NullMarked;
