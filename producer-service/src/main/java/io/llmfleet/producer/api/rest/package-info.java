/** The native API under {@code /api/v1}: translates HTTP to the facades and back. */
@NullMarked
package io.llmfleet.producer.api.rest;

import org.jspecify.annotations.NullMarked;
