/** Runs tasks in slots: checks, call, settle. */
@NullMarked
package io.llmfleet.worker.execution;

import org.jspecify.annotations.NullMarked;
