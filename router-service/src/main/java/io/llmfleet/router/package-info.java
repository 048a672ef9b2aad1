/** Where it goes: matches every task, and every retry, to a pool and a model. */
@NullMarked
package io.llmfleet.router;

import org.jspecify.annotations.NullMarked;
