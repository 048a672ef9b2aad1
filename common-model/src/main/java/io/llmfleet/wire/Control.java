package io.llmfleet.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message on the control stream, which every worker reads from its start; the routing key says
 * which.
 *
 * @param taskId the task of a {@code cancel} or {@code who-runs}
 * @param epoch messages of this epoch or an older one are cancelled; for {@code who-runs}, the
 *     epoch that is asked for
 * @param at when it was written: the age of a {@code heartbeat} tells how far behind a reader is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Control(@Nullable UUID taskId, int epoch, Instant at) {}
