/** The worker's edge to the broker: lanes in, replies and retries out, the control stream. */
@NullMarked
package io.llmfleet.worker.broker;

import org.jspecify.annotations.NullMarked;
