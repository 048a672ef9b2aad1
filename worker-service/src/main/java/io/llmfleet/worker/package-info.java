/** How it is done: calls backends, decides retries, posts replies. */
@NullMarked
package io.llmfleet.worker;

import org.jspecify.annotations.NullMarked;
