package io.llmfleet.producer.job;

import io.llmfleet.producer.task.OnceKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The facade of jobs. */
public interface Jobs {

    /**
     * A request's job.
     *
     * @param replayed whether an earlier request had it accepted
     */
    record Created(Job job, boolean replayed) {}

    /**
     * Accepts a job; some producer will do it.
     *
     * @param key of the request; within a day there is one job for it
     * @return empty if the key came with another request before
     */
    Optional<Created> create(NewJob job, Optional<OnceKey> key);

    /** The job that the same request had accepted before. */
    Optional<Job> find(String tenant, OnceKey key);

    /** The job, unless it is another tenant's or does not exist. */
    Optional<Job> find(String tenant, UUID id);

    /**
     * Newest first.
     *
     * @param after only jobs older than this one
     */
    List<Job> list(String tenant, @Nullable UUID after, int limit);

    /**
     * Begins to cancel the job where that is possible, and returns it as it is then; empty if there
     * is no such job.
     */
    Optional<Job> cancel(String tenant, UUID id);
}
