/** The fleet in containers, as docker-compose.yml describes it. */
@NullMarked
package io.llmfleet.system.compose;

import org.jspecify.annotations.NullMarked;
