/** What queueing theory says of a pool: waits, lengths, servers needed. Pure; knows no fleet. */
@NullMarked
package io.llmfleet.capacity;

import org.jspecify.annotations.NullMarked;
