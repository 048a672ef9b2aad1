package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Keys;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.usage.Ledger;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Counts requests, and looks up what is used. */
final class StoredLimits implements Limits {

    private final Keys keys;
    private final KeyLimits defaults;
    private final JdbcWindows windows;
    private final JdbcHolds holds;
    private final Ledger ledger;
    private final RequestLeases leases;
    private final RefusalCounter refusals;
    private final Clock clock;

    StoredLimits(
            Keys keys,
            KeyLimits defaults,
            JdbcWindows windows,
            JdbcHolds holds,
            Ledger ledger,
            RefusalCounter refusals,
            Clock clock) {
        this.keys = keys;
        this.defaults = defaults;
        this.windows = windows;
        this.holds = holds;
        this.ledger = ledger;
        this.leases = new RequestLeases(windows, System::nanoTime);
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public KeyLimits of(Account account) {
        return account.key() == null ? defaults : keys.limits(account.key()).orElse(defaults);
    }

    @Override
    public Verdict request(Account account) {
        KeyLimits limits = of(account);
        Window tokens = peek(account, limits, Limit.TOKENS_PER_MINUTE, JdbcWindows.TOKENS);
        OptionalLong most = limits.whole(Limit.REQUESTS_PER_MINUTE);
        if (most.isEmpty()) {
            return new Verdict(tokens == null ? Rates.NONE : new Rates(null, tokens), null);
        }
        RequestLeases.Verdict verdict = leases.take(account.owner(), most.getAsLong());
        Rates rates = new Rates(verdict.window(), tokens);
        return new Verdict(
                rates,
                verdict.granted() ? null : refusals.count(Refusal.requests(verdict.window())));
    }

    @Override
    public void requireBudget(Account account) {
        KeyLimits mine = of(account);
        if (!BudgetPolicy.applies(mine)) {
            return;
        }
        Instant now = clock.instant();
        Ledger.Spending spent =
                ledger.spent(account.tenant(), account.key(), BudgetPolicy.day(now));
        BudgetPolicy.refusal(mine, spent, now)
                .ifPresent(
                        refusal -> {
                            throw refusals.count(refusal);
                        });
    }

    @Override
    public Rates rates(Account account) {
        KeyLimits limits = of(account);
        return new Rates(
                peek(account, limits, Limit.REQUESTS_PER_MINUTE, JdbcWindows.REQUESTS),
                peek(account, limits, Limit.TOKENS_PER_MINUTE, JdbcWindows.TOKENS));
    }

    private @Nullable Window peek(Account account, KeyLimits limits, Limit limit, String kind) {
        OptionalLong most = limits.whole(limit);
        return most.isEmpty() ? null : windows.peek(account.owner(), kind, most.getAsLong());
    }

    @Override
    public List<LimitUse> uses(Account account) {
        KeyLimits limits = of(account);
        Rates rates = rates(account);
        Instant now = clock.instant();
        Ledger.Spending spent =
                BudgetPolicy.applies(limits)
                        ? ledger.spent(account.tenant(), account.key(), BudgetPolicy.day(now))
                        : new Ledger.Spending(0, BigDecimal.ZERO);
        List<LimitUse> uses = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            BigDecimal most = limits.get(limit);
            if (most != null) {
                uses.add(use(account, limit, most, rates, spent, now));
            }
        }
        return uses;
    }

    private LimitUse use(
            Account account,
            Limit limit,
            BigDecimal most,
            Rates rates,
            Ledger.Spending spent,
            Instant now) {
        return switch (limit) {
            case REQUESTS_PER_MINUTE -> ofWindow(limit, most, rates.requests());
            case TOKENS_PER_MINUTE -> ofWindow(limit, most, rates.tokens());
            case QUEUED_TASKS ->
                    new LimitUse(
                            limit, most, BigDecimal.valueOf(holds.queued(account.owner())), null);
            case TOKENS_PER_DAY ->
                    new LimitUse(
                            limit,
                            most,
                            BigDecimal.valueOf(spent.tokens()),
                            BudgetPolicy.untilTomorrow(now));
            case COST_PER_DAY ->
                    new LimitUse(limit, most, spent.cost(), BudgetPolicy.untilTomorrow(now));
            case BODY_SIZE, JSON_DEPTH -> new LimitUse(limit, most, null, null);
        };
    }

    private static LimitUse ofWindow(Limit limit, BigDecimal most, @Nullable Window window) {
        return window == null
                ? new LimitUse(limit, most, null, null)
                : new LimitUse(limit, most, BigDecimal.valueOf(window.used()), window.reset());
    }
}
