/** This service's connections to the broker. */
@NullMarked
package io.llmfleet.producer.broker;

import org.jspecify.annotations.NullMarked;
