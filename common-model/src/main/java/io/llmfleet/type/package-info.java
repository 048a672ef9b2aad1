/** The task types: what each takes, what it gives, and how an LLM is asked for it. */
@NullMarked
package io.llmfleet.type;

import org.jspecify.annotations.NullMarked;
