/** Webhooks: tells a tenant's own server that a task has ended, and keeps trying. */
@NullMarked
package io.llmfleet.producer.webhook;

import org.jspecify.annotations.NullMarked;
