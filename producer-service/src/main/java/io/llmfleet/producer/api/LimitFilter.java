package io.llmfleet.producer.api;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.limit.RateWatch;
import io.llmfleet.producer.store.StoreLine;
import io.llmfleet.producer.task.OverloadedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Counts the requests of each key, refuses those beyond its limit or beyond what the store keeps up
 * with, and tells in each answer what is left. The question what the limits are is always answered.
 */
@Component
class LimitFilter extends OncePerRequestFilter {

    private static final String NOT_COUNTED = "/api/v1/limits";

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Limits limits;
    private final StoreLine store;
    private final List<HandlerExceptionResolver> errors;

    /**
     * @param errors each API's own, in their order
     */
    LimitFilter(Limits limits, StoreLine store, List<HandlerExceptionResolver> errors) {
        this.limits = limits;
        this.store = store;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (who == null || !(who.getPrincipal() instanceof Caller caller)) {
            chain.doFilter(request, response);
            return;
        }
        RuntimeException refusal = refusal(request, response, Account.of(caller));
        if (refusal != null) {
            refuse(request, response, refusal);
            return;
        }
        pass(request, response, chain);
    }

    private @Nullable RuntimeException refusal(
            HttpServletRequest request, HttpServletResponse response, Account account) {
        if (store.tooLong()) {
            return new OverloadedException(
                    "too many requests wait for the store, accepted: while fewer than "
                            + store.maxWaiting()
                            + " do",
                    SOON);
        }
        try {
            CallerLimits.put(request, limits.of(account));
            if (request.getRequestURI().equals(NOT_COUNTED)) {
                RateHeaders.write(response, limits.rates(account));
                return null;
            }
            Limits.Verdict verdict = limits.request(account);
            RateHeaders.write(response, verdict.rates());
            return verdict.refusal();
        } catch (RuntimeException storeAway) {
            return storeAway;
        }
    }

    private void refuse(
            HttpServletRequest request, HttpServletResponse response, RuntimeException refusal) {
        for (HandlerExceptionResolver api : errors) {
            if (api.resolveException(request, response, null, refusal) != null) {
                return;
            }
        }
    }

    private static void pass(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            ScopedValue.where(
                            RateWatch.TOKENS,
                            tokens -> RateHeaders.write(response, "tokens", tokens))
                    .call(
                            () -> {
                                chain.doFilter(request, response);
                                return null;
                            });
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
