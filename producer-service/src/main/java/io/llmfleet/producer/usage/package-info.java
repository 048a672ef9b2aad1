/** The ledger: what tenants used. */
@NullMarked
package io.llmfleet.producer.usage;

import org.jspecify.annotations.NullMarked;
