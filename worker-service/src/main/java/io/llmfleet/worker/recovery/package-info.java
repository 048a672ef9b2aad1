/** What follows a failure: pure rules, a table to read. */
@NullMarked
package io.llmfleet.worker.recovery;

import org.jspecify.annotations.NullMarked;
