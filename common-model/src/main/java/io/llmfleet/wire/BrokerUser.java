package io.llmfleet.wire;

import io.llmfleet.model.Names;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A broker user and the least that it needs; patterns are regular expressions on names, as RabbitMQ
 * takes them.
 *
 * @param keys what else holds for an exchange, by its name; for one that is not here the other
 *     rights decide alone
 */
public record BrokerUser(
        String name, String configure, String write, String read, Map<String, Keys> keys) {

    /**
     * Which keys a user may use with an exchange, as patterns.
     *
     * @param written of messages that it publishes there
     * @param bound of bindings from there that it makes or takes away
     */
    public record Keys(String written, String bound) {}

    public static final String PRODUCER = "fleet-producer";
    public static final String ROUTER = "fleet-router";
    public static final String WORKER = "fleet-worker";

    private static final String NOTHING = "^$";

    /** An empty key is one, too, so what matches nothing but the empty text would not do. */
    private static final String NO_KEY = "(?!)";

    private static final Keys NO_BINDING = new Keys(".*", NO_KEY);

    /**
     * A stream has its exchange's name, and whoever may write to a queue and read an exchange may
     * bind the two to each other and take bindings away: so all that a service reads by that name
     * has keys of its own.
     */
    private static final Map<String, Keys> NO_BINDINGS =
            Map.of(
                    Exchanges.EVENTS, NO_BINDING,
                    Exchanges.DELTAS, NO_BINDING,
                    Exchanges.CONTROL, NO_BINDING);

    /** The services: none may declare or bind. */
    public static final List<BrokerUser> SERVICES =
            List.of(
                    new BrokerUser(
                            PRODUCER,
                            NOTHING,
                            // To the exchanges; counting a queue's messages needs some right on it.
                            "^llm\\.(ingress|results|events|control"
                                    + "|(ingress|work|quarantine|retry)\\..+)$",
                            "^llm\\.(submit\\.q|replies\\.q|dead\\.q|events|deltas)$",
                            NO_BINDINGS),
                    new BrokerUser(
                            ROUTER,
                            NOTHING,
                            "^llm\\.(work|retry\\.[^.]+|replies|events)$",
                            "^llm\\.(ingress\\.[^.]+|events)$",
                            NO_BINDINGS),
                    new BrokerUser(
                            WORKER,
                            NOTHING,
                            "^llm\\.(retry\\.[^.]+|replies|events|deltas)$",
                            "^llm\\.(work\\..+|quarantine\\..+|control)$",
                            NO_BINDINGS));

    /** Prefixes of the fleet's and of the broker's own names, which a client's would be, too. */
    private static final Set<String> TAKEN = Set.of("llm", "amq", "guest", "q");

    private static final String FLEET = "fleet-";

    /**
     * An AMQP client: its own submit exchange, its own queues ({@code <user>.*}) and its own
     * results only.
     *
     * @throws IllegalArgumentException if no client may be called so
     */
    public static BrokerUser client(String user) {
        requireClient(user);
        String own = user + "\\..*";
        return new BrokerUser(
                user,
                "^" + own + "$",
                "^(llm\\.submit\\." + user + "|" + own + ")$",
                "^(llm\\.results|" + own + ")$",
                Map.of(Exchanges.RESULTS, new Keys(NO_KEY, "^\\*\\.\\*\\." + user + "\\.")));
    }

    /**
     * A client owns all names that start with its own and a dot.
     *
     * @throws IllegalArgumentException naming what is accepted, or whose the name is
     */
    public static String requireClient(String name) {
        Names.requireWord("client", name);
        if (name.startsWith(FLEET)) {
            throw taken(name, "names that start with fleet- are the fleet's own");
        }
        if (TAKEN.contains(name)) {
            throw taken(
                    name,
                    "the name is the fleet's or the broker's own, as are llm, amq, guest and what"
                            + " starts with fleet-");
        }
        return name;
    }

    private static IllegalArgumentException taken(String name, String why) {
        return new IllegalArgumentException("client '" + name + "': " + why);
    }
}
