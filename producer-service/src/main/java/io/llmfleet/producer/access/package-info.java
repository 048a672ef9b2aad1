/** Who may ask: API keys, their tenants and roles. */
@NullMarked
package io.llmfleet.producer.access;

import org.jspecify.annotations.NullMarked;
