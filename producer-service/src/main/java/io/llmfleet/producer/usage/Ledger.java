package io.llmfleet.producer.usage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The facade of the ledger. */
public interface Ledger {

    /**
     * What a tenant used from one day to another, both included, in the order of days and models.
     *
     * @param byDay whether each day has entries of its own
     * @param byModel whether each model has entries of its own
     */
    List<UsageEntry> usage(
            String tenant, LocalDate from, LocalDate to, boolean byDay, boolean byModel);

    /** Tokens and cost, added up. */
    record Spending(long tokens, BigDecimal cost) {}

    /**
     * What was used on a day (UTC) by tasks that are final.
     *
     * @param key null for what came over AMQP
     */
    Spending spent(String tenant, @Nullable UUID key, LocalDate day);
}
