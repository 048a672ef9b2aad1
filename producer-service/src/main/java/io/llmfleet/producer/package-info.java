/** What is asked: the task store, the APIs, dispatch and results. */
@NullMarked
package io.llmfleet.producer;

import org.jspecify.annotations.NullMarked;
