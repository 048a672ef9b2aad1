/** What is done again and again beside the work. */
@NullMarked
package io.llmfleet.producer.chore;

import org.jspecify.annotations.NullMarked;
