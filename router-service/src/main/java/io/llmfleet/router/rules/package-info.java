/** Where rules come from: the properties, or a file that is read again when it changes. */
@NullMarked
package io.llmfleet.router.rules;

import org.jspecify.annotations.NullMarked;
