package io.llmfleet.producer.api;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.access.KeyLimits;
import io.llmfleet.producer.access.Limit;
import jakarta.servlet.http.HttpServletRequest;

/** How large and how deep a request may be: what its key says, or the fleet's own limits. */
public final class CallerLimits {

    private static final String ATTRIBUTE = CallerLimits.class.getName();

    private CallerLimits() {}

    static void put(HttpServletRequest request, KeyLimits limits) {
        request.setAttribute(ATTRIBUTE, limits);
    }

    /** The most bytes of a body, or of a line of many. */
    public static int bodySize(HttpServletRequest request) {
        return (int) of(request).whole(Limit.BODY_SIZE).orElse(Defaults.MAX_REQUEST_BYTES);
    }

    /** The most levels of nested JSON. */
    public static int jsonDepth(HttpServletRequest request) {
        return (int) of(request).whole(Limit.JSON_DEPTH).orElse(Defaults.MAX_JSON_DEPTH);
    }

    private static KeyLimits of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof KeyLimits limits
                ? limits
                : KeyLimits.NONE;
    }
}
