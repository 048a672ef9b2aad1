/** Which of several candidates gets a task: strategies, what is learned of candidates, and why. */
@NullMarked
package io.llmfleet.choice;

import org.jspecify.annotations.NullMarked;
