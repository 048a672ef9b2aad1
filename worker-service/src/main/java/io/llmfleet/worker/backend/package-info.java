/** The LLM endpoints that a worker can call, and which of them it calls. */
@NullMarked
package io.llmfleet.worker.backend;

import org.jspecify.annotations.NullMarked;
