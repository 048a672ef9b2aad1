package io.llmfleet.producer.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request with a known key act as that key's {@link Caller}; what needs a key and has none
 * is refused further on.
 */
final class BearerKeyFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";

    private final Keys keys;

    BearerKeyFilter(Keys keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            Optional<Caller> caller;
            try {
                caller = keys.authenticate(header.substring(SCHEME.length()).strip());
            } catch (DataAccessException e) {
                AccessProblems.storeAway(request, response);
                return;
            }
            caller.ifPresent(BearerKeyFilter::enter);
        }
        chain.doFilter(request, response);
    }

    /** The answer to an asynchronous request is written on behalf of the same caller. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    private static void enter(Caller caller) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(
                        caller,
                        null,
                        AuthorityUtils.createAuthorityList("ROLE_" + caller.role().name())));
        SecurityContextHolder.setContext(context);
    }
}
