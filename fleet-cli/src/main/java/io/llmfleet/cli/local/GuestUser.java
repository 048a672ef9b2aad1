package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.util.Optional;

/**
 * RabbitMQ's default user, whose password everybody knows: brokers of the fleet's own never have
 * it, and another's keeps it until its operator says otherwise, since who else uses it is not
 * known.
 */
record GuestUser(BrokerEndpoint endpoint) {

    private static final String NAME = "guest";
    private static final String OPTION = "--remove-guest";

    /** What to tell the operator; empty where there is no such user, or no telling. */
    Optional<String> warning() {
        if (endpoint.managementUrl() == null || !new ManagementApi(endpoint).hasUser(NAME)) {
            return Optional.empty();
        }
        return Optional.of(
                "warning: the broker has the user guest, whose password everybody knows; unless"
                        + " somebody needs it: ./fleet topology apply "
                        + OPTION);
    }

    /**
     * @throws FleetException if users cannot be managed, or the fleet's administrator is this one
     */
    void remove() {
        if (endpoint.managementUrl() == null) {
            throw refused(
                    "users are removed over the management API; give RABBITMQ_MANAGEMENT_URL");
        }
        if (endpoint.user().equals(NAME)) {
            throw refused("RABBITMQ_URI itself uses guest; give it another administrator");
        }
        var management = new ManagementApi(endpoint);
        if (management.hasUser(NAME)) {
            management.deleteUser(NAME);
        }
    }

    private static FleetException refused(String why) {
        return new FleetException(FleetException.USAGE, OPTION + ": " + why, null);
    }
}
