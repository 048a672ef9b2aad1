/** Broker, database and services as processes of their own on this machine. */
@NullMarked
package io.llmfleet.cli.local;

import org.jspecify.annotations.NullMarked;
