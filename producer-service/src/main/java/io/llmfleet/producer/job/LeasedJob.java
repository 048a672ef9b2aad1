package io.llmfleet.producer.job;

import java.util.UUID;

/**
 * A job that this producer works on.
 *
 * @param lease by which the store knows it
 * @param nextLine the number of the first line that is not known to be submitted
 * @param nextByte where that line begins
 * @param refused lines that no task could be made of
 */
record LeasedJob(
        Job job, UUID lease, int nextLine, long nextByte, boolean allSubmitted, int refused) {

    UUID id() {
        return job.id();
    }
}
