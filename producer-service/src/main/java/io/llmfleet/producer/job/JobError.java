package io.llmfleet.producer.job;

import org.jspecify.annotations.Nullable;

/**
 * Why a job failed.
 *
 * @param line of the input file, counted from 1
 * @param param the field that is to blame
 */
public record JobError(
        String code, @Nullable Integer line, String message, @Nullable String param) {}
