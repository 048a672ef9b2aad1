/** What is typed to load a whole fleet and to break it. */
@NullMarked
package io.llmfleet.system;

import org.jspecify.annotations.NullMarked;
