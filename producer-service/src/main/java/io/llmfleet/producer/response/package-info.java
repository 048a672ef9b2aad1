/** Keeps what a response of OpenAI's Responses API needs beyond its task. */
@NullMarked
package io.llmfleet.producer.response;

import org.jspecify.annotations.NullMarked;
