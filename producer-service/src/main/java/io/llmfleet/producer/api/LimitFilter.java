package io.llmfleet.producer.api;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.Limits;
import io.llmfleet.producer.limit.RateWatch;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Counts the requests of each key, refuses those beyond its limit, and tells in each answer what is
 * left. The question what the limits are is always answered.
 */
@Component
class LimitFilter extends OncePerRequestFilter {

    private static final String NOT_COUNTED = "/api/v1/limits";

    private final Limits limits;
    private final List<HandlerExceptionResolver> errors;

    /**
     * @param errors each API's own, in their order
     */
    LimitFilter(Limits limits, List<HandlerExceptionResolver> errors) {
        this.limits = limits;
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
