package io.llmfleet.producer.usage;

import java.time.LocalDate;
import java.util.List;

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
}
