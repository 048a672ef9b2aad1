/**
 * How the fleet says it on the wire: exchanges, queues, headers, bodies and who may do what with
 * them.
 */
@NullMarked
package io.llmfleet.wire;

import org.jspecify.annotations.NullMarked;
