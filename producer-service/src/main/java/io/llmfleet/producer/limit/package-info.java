/** What each API key, and each AMQP client, may: rates, unfinished tasks, budgets, sizes. */
@NullMarked
package io.llmfleet.producer.limit;

import org.jspecify.annotations.NullMarked;
