/** How every service publishes and consumes: publish, wait for the confirm, then ack. */
@NullMarked
package io.llmfleet.broker;

import org.jspecify.annotations.NullMarked;
