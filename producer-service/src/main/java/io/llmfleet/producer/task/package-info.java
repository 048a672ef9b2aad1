/** Tasks from acceptance to their final state; the only package that writes task rows. */
@NullMarked
package io.llmfleet.producer.task;

import org.jspecify.annotations.NullMarked;
