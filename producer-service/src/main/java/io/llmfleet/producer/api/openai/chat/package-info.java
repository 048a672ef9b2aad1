/** Chat completions, whole or as streams, and text completions, which are made of them. */
@NullMarked
package io.llmfleet.producer.api.openai.chat;

import org.jspecify.annotations.NullMarked;
