/** Keeps the turns of a conversation in order, and tells each what was said before. */
@NullMarked
package io.llmfleet.producer.conversation;

import org.jspecify.annotations.NullMarked;
