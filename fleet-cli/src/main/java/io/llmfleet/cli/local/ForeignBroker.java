package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;

/** A broker that someone else runs: it is used, never started or stopped. */
record ForeignBroker(BrokerEndpoint endpoint) implements Broker {

    @Override
    public BrokerEndpoint start() {
        if (!running()) {
            throw new FleetException(
                    FleetException.UNREACHABLE,
                    Readiness.tlsProblem(endpoint)
                            .map(p -> description() + " is not used: " + p)
                            .orElseGet(this::noAnswer),
                    null);
        }
        return endpoint;
    }

    private String noAnswer() {
        return description()
                + " does not answer or refuses the user"
                + (endpoint.managementUrl() == null ? "" : ", or RABBITMQ_MANAGEMENT_URL is wrong");
    }

    @Override
    public void stop() {
        // It is not the fleet's.
    }

    @Override
    public boolean running() {
        return Readiness.brokerAnswers(endpoint);
    }

    @Override
    public void wipe() {
        // Its data are not the fleet's to delete.
    }

    @Override
    public void kill() {
        throw notOurs();
    }

    @Override
    public String control(String... arguments) {
        throw notOurs();
    }

    private FleetException notOurs() {
        return new FleetException(description() + " is not run by the fleet");
    }

    @Override
    public String description() {
        return "the broker at " + endpoint.address() + " (RABBITMQ_URI)";
    }
}
