/** The built-in engine: extractive answers from a sentence encoder in this process. */
@NullMarked
package io.llmfleet.worker.builtin;

import org.jspecify.annotations.NullMarked;
