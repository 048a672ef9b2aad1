package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerUser;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which environment variable has the password of which broker user: that of {@code fleet-producer}
 * is in {@code FLEET_BROKER_PASSWORD_PRODUCER}, that of the client {@code my-shop} in {@code
 * FLEET_BROKER_PASSWORD_CLIENT_MY_SHOP}.
 */
final class BrokerPasswords {

    static final String PREFIX = "FLEET_BROKER_PASSWORD_";

    private static final String CLIENT = "CLIENT_";
    private static final String SERVICE_USER = "fleet-";

    private BrokerPasswords() {}

    /** By user; a blank variable is one that is not set. */
    static Map<String, String> given(Map<String, String> environment) {
        Map<String, String> passwords = new TreeMap<>();
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX) && !value.isBlank()) {
                        passwords.put(user(name), value);
                    }
                });
        return passwords;
    }

    private static String user(String variable) {
        String rest = variable.substring(PREFIX.length());
        if (rest.startsWith(CLIENT)) {
            String client = word(rest.substring(CLIENT.length()));
            FleetSettings.requireClient(client);
            return client;
        }
        String user = SERVICE_USER + word(rest);
        if (BrokerUser.SERVICES.stream().noneMatch(known -> known.name().equals(user))) {
            throw new FleetException(
                    FleetException.USAGE,
                    variable
                            + " is nobody's password, accepted: "
                            + PREFIX
                            + "PRODUCER, _ROUTER, _WORKER, _CLIENT_<NAME>",
                    null);
        }
        return user;
    }

    private static String word(String part) {
        return part.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
