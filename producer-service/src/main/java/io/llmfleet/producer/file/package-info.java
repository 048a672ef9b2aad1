/** Files: what tenants upload, and what is composed for them when they read it. */
@NullMarked
package io.llmfleet.producer.file;

import org.jspecify.annotations.NullMarked;
