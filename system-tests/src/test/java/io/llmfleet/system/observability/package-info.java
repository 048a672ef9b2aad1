/** The dashboards, rules and alerts that are shipped, against a fleet and a Prometheus that run. */
@NullMarked
package io.llmfleet.system.observability;

import org.jspecify.annotations.NullMarked;
