package io.llmfleet.producer.capacity;

import io.llmfleet.model.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What the store says of a pool's tasks in a window of time; times in seconds, null where no task
 * had any.
 *
 * @param priority null for all of the pool together
 * @param arrived tasks accepted in the window; not whole where some are not routed yet
 * @param started tasks whose last attempt started in it
 * @param ended tasks that became final in it
 * @param present unfinished tasks at its end
 * @param waiting those of them that have not started
 * @param presence how long tasks were here in the window, added up
 * @param stay from acceptance to the end, of tasks that ended, on average
 * @param waited from acceptance to the start, of tasks that started at their first attempt
 * @param way the same of those that waited least: what it takes to a slot that is free
 * @param serviceMean from the start to the end of tasks that ended
 * @param serviceVariance of the same
 */
record Traffic(
        String pool,
        @Nullable Priority priority,
        double arrived,
        long started,
        long ended,
        long present,
        long waiting,
        double presence,
        @Nullable Double stay,
        @Nullable Double waited,
        @Nullable Double way,
        @Nullable Double serviceMean,
        @Nullable Double serviceVariance) {}
