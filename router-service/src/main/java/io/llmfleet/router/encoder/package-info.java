/** The sentence encoder, and what of a task it is given. */
@NullMarked
package io.llmfleet.router.encoder;

import org.jspecify.annotations.NullMarked;
