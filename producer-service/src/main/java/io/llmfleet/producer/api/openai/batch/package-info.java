/** Files, and batches of requests to any endpoint that takes them. */
@NullMarked
package io.llmfleet.producer.api.openai.batch;

import org.jspecify.annotations.NullMarked;
