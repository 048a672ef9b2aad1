/** How meters are described and registered, and those that all services share. */
@NullMarked
package io.llmfleet.metrics;

import org.jspecify.annotations.NullMarked;
