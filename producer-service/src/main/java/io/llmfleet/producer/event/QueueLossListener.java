package io.llmfleet.producer.event;

import io.llmfleet.wire.QueueLost;

/** Wants to know of work queues that were deleted. */
public interface QueueLossListener {

    void lost(QueueLost queue);
}
