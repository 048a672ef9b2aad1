package io.llmfleet.router.routing;

/** Turns texts into vectors whose nearness is that of their meaning. */
@FunctionalInterface
public interface Encoder {

    /** A unit vector. */
    float[] encode(String text);
}
