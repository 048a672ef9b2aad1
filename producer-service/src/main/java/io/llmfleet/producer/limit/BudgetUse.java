package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.dispatch.BudgetWatch;
import io.llmfleet.producer.usage.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how much of each budget is used; what is some seconds old is looked up again aside, so
 * that nobody waits for it. Accounts without a budget cost nothing here.
 */
final class BudgetUse implements BudgetWatch {

    private static final Logger log = LoggerFactory.getLogger(BudgetUse.class);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Limits limits;
    private final Ledger ledger;
    private final Clock clock;
    private final Map<Account, Use> uses = new ConcurrentHashMap<>();

    /** {@code percent} is below 0 while nothing is known. */
    private record Use(int percent, Instant at) {}

    BudgetUse(Limits limits, Ledger ledger, Clock clock) {
        this.limits = limits;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public OptionalInt percentUsed(String tenant, @Nullable UUID key) {
        Account account = new Account(tenant, key);
        if (!BudgetPolicy.applies(limits.of(account))) {
            return OptionalInt.empty();
        }
        Instant now = clock.instant();
        Use known = uses.get(account);
        if (known == null || known.at().plus(FRESH).isBefore(now)) {
            // Whoever asks meanwhile gets the old one.
            uses.put(account, new Use(known == null ? -1 : known.percent(), now));
            var _ = Thread.ofVirtual().name("budget-use").start(() -> look(account, now));
        }
        return known == null || known.percent() < 0
                ? OptionalInt.empty()
                : OptionalInt.of(known.percent());
    }

    private void look(Account account, Instant now) {
        try {
            KeyLimits mine = limits.of(account);
            Ledger.Spending spent =
                    ledger.spent(account.tenant(), account.key(), BudgetPolicy.day(now));
            uses.put(account, new Use(BudgetPolicy.percentUsed(mine, spent), now));
            uses.values().removeIf(use -> use.at().plus(FRESH.multipliedBy(60)).isBefore(now));
        } catch (RuntimeException e) {
            log.debug("the use of a budget was not looked up, trying again: {}", e.toString());
        }
    }
}
