package io.llmfleet.system.bench;

import java.util.List;

/**
 * What tasks of high priority waited for.
 *
 * @param backlog tasks of low priority
 * @param callMillis how long each call takes
 * @param running tasks that ran at the end, low ones and the last high ones
 */
record PriorityReport(
        String machine,
        String broker,
        int backlog,
        int slots,
        long callMillis,
        int running,
        List<Wait> waits) {

    /** From the acceptance to the start of the call, in milliseconds. */
    record Wait(String when, int tasks, long p50, long p95, long max) {}
}
