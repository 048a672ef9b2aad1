package io.llmfleet.router.routing;

import org.jspecify.annotations.Nullable;

/** Turns texts into vectors whose nearness is that of their meaning. */
@FunctionalInterface
public interface Encoder {

    /** A unit vector; null if there is none of this text. */
    float @Nullable [] encode(String text);
}
