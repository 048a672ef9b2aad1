/** Serves the pages to look at; they know nothing but the API, and may do what their key may. */
@NullMarked
package io.llmfleet.producer.console;

import org.jspecify.annotations.NullMarked;
