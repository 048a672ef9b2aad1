/** The AMQP API: submissions in, results out. */
@NullMarked
package io.llmfleet.producer.api.amqp;

import org.jspecify.annotations.NullMarked;
