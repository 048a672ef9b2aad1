/**
 * The Responses API: makes chats of its requests, and its objects and events of what a chat says.
 */
@NullMarked
package io.llmfleet.producer.api.openai.response;

import org.jspecify.annotations.NullMarked;
