/** What the fleet talks about: tasks, their states, results and failures. */
@NullMarked
package io.llmfleet.model;

import org.jspecify.annotations.NullMarked;
