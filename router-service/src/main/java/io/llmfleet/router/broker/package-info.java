/** The router's edge to the broker: ingress in, work, retries and refusals out. */
@NullMarked
package io.llmfleet.router.broker;

import org.jspecify.annotations.NullMarked;
