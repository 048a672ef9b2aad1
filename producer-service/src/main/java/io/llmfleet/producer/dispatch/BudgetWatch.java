package io.llmfleet.producer.dispatch;

import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Knows how much of a day's budget is used, without asking the store. */
public interface BudgetWatch {

    /**
     * In percent, as it was a few seconds ago; empty where there is no budget or nothing is known
     * yet.
     *
     * @param key null for what came over AMQP
     */
    OptionalInt percentUsed(String tenant, @Nullable UUID key);
}
