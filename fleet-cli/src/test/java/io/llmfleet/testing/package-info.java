/** A real broker and a real database for the tests of every module. */
@NullMarked
package io.llmfleet.testing;

import org.jspecify.annotations.NullMarked;
