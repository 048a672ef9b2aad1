/** Embeddings: vectors of texts. */
@NullMarked
package io.llmfleet.producer.api.openai.embedding;

import org.jspecify.annotations.NullMarked;
