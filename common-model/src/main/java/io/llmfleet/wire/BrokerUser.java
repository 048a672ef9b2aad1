package io.llmfleet.wire;

import io.llmfleet.model.Names;
import java.util.List;
import java.util.Map;

/**
 * A broker user and the least that it needs; patterns are regular expressions on names, as RabbitMQ
 * takes them.
 *
 * @param topicReads by exchange, a pattern that the keys of this user's bindings must match
 */
public record BrokerUser(
        String name, String configure, String write, String read, Map<String, String> topicReads) {

    public static final String PRODUCER = "fleet-producer";
    public static final String ROUTER = "fleet-router";
    public static final String WORKER = "fleet-worker";

    private static final String NOTHING = "^$";

    /** The services: none may declare or bind. */
    public static final List<BrokerUser> SERVICES =
            List.of(
                    new BrokerUser(
                            PRODUCER,
                            NOTHING,
                            "^llm\\.(ingress|results|events|control)$",
                            "^llm\\.(submit\\.q|replies\\.q|dead\\.q|events|deltas)$",
                            Map.of()),
                    new BrokerUser(
                            ROUTER,
                            NOTHING,
                            "^llm\\.(work|retry\\.[^.]+|replies|events)$",
                            "^llm\\.(ingress\\.[^.]+|events)$",
                            Map.of()),
                    new BrokerUser(
                            WORKER,
                            NOTHING,
                            "^llm\\.(retry\\.[^.]+|replies|events|deltas)$",
                            "^llm\\.(work\\..+|quarantine\\..+|control)$",
                            Map.of()));

    /**
     * An AMQP client: its own submit exchange, its own queues ({@code <user>.*}) and its own
     * results only.
     */
    public static BrokerUser client(String user) {
        Names.requireWord("client", user);
        String own = user + "\\..*";
        return new BrokerUser(
                user,
                "^" + own + "$",
                "^(llm\\.submit\\." + user + "|" + own + ")$",
                "^(llm\\.results|" + own + ")$",
                Map.of(Exchanges.RESULTS, "^\\*\\.\\*\\." + user + "\\."));
    }
}
