/**
 * The OpenAI-compatible API: translates between OpenAI's requests and the fleet's tasks; here is
 * what its endpoints share, each of them has a package of its own.
 */
@NullMarked
package io.llmfleet.producer.api.openai;

import org.jspecify.annotations.NullMarked;
