/** Shares out the connections to the database. */
@NullMarked
package io.llmfleet.producer.store;

import org.jspecify.annotations.NullMarked;
