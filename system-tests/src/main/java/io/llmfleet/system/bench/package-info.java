/** Measures a fleet against what its broker could carry at most. */
@NullMarked
package io.llmfleet.system.bench;

import org.jspecify.annotations.NullMarked;
