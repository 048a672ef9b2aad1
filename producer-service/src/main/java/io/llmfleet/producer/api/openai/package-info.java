/** The OpenAI-compatible API: translates between OpenAI's requests and the fleet's tasks. */
@NullMarked
package io.llmfleet.producer.api.openai;

import org.jspecify.annotations.NullMarked;
