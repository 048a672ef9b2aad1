package io.llmfleet.producer.response;

import java.util.UUID;

/**
 * A response that can be asked for later.
 *
 * @param task that makes it
 * @param request the JSON bytes of what was asked for
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeptResponse(UUID task, String tenant, byte[] request) {}
