/** Tests against a real broker and a real database. */
@NullMarked
package io.llmfleet.cli.local;

import org.jspecify.annotations.NullMarked;
