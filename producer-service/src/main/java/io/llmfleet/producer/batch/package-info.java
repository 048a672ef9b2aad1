/** Tasks that came in one request, and how far they are. */
@NullMarked
package io.llmfleet.producer.batch;

import org.jspecify.annotations.NullMarked;
