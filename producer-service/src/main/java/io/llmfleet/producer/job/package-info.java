/** Batches as OpenAI has them: files of requests that are worked on within a window of time. */
@NullMarked
package io.llmfleet.producer.job;

import org.jspecify.annotations.NullMarked;
