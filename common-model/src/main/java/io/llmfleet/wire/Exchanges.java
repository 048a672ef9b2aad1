package io.llmfleet.wire;

/** The names of all exchanges; every one is a durable topic exchange. */
public final class Exchanges {

    /** What AMQP clients write starts so; the client's user follows. */
    public static final String SUBMIT_PREFIX = "llm.submit.";

    public static final String INGRESS = "llm.ingress";
    public static final String WORK = "llm.work";

    /** A rung of the retry ladder starts so; the level's name follows. */
    public static final String RETRY_PREFIX = "llm.retry.";

    public static final String REPLIES = "llm.replies";
    public static final String RESULTS = "llm.results";
    public static final String EVENTS = "llm.events";
    public static final String DELTAS = "llm.deltas";
    public static final String CONTROL = "llm.control";
    public static final String DEAD = "llm.dead";

    private Exchanges() {}

    public static String submit(String user) {
        return SUBMIT_PREFIX + user;
    }

    public static String retry(String level) {
        return RETRY_PREFIX + level;
    }
}
