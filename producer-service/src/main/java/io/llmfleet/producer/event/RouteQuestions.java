package io.llmfleet.producer.event;

import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteQuestion;
import java.util.Optional;

/** Asks the routers, which alone know their rules and what they have learned. */
public interface RouteQuestions {

    /** The first answer; empty if no router answers in time. */
    Optional<RouteExplanation> ask(RouteQuestion question);
}
