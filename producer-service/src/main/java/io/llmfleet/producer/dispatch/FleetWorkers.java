package io.llmfleet.producer.dispatch;

import java.util.Set;

/**
 * The workers that are known at the moment.
 *
 * @param slots how many calls all of them can run at once; 0 before one has said that it is there
 * @param pools those that have a worker
 */
public record FleetWorkers(int slots, Set<String> pools) {}
