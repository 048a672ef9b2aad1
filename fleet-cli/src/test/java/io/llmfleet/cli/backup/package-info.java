@NullMarked
package io.llmfleet.cli.backup;

import org.jspecify.annotations.NullMarked;
