/** What failed for good or could not be read, kept with its reason until a person decides. */
@NullMarked
package io.llmfleet.producer.deadletter;

import org.jspecify.annotations.NullMarked;
