/** What the APIs over HTTP share. */
@NullMarked
package io.llmfleet.producer.api;

import org.jspecify.annotations.NullMarked;
