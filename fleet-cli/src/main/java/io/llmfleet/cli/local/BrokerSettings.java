package io.llmfleet.cli.local;

import java.time.Duration;
import java.util.Optional;

/**
 * What every broker that the fleet starts is told, in RabbitMQ's own formats; deploy/rabbitmq has
 * the same for brokers that others start.
 */
final class BrokerSettings {

    static final String ADMIN = "fleet-admin";

    /** The file enabled_plugins. */
    static final String PLUGINS = "[rabbitmq_management,rabbitmq_prometheus].\n";

    private static final Duration CONSUMER_TIMEOUT = Duration.ofHours(3);
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    private static final int DEAD_LETTER_CONFIRM_MS = 15_000;
    private static final int CONSUMER_GONE_MS = 5_000;

    private BrokerSettings() {}

    /**
     * @param port 0 if it has none yet
     */
    static Optional<String> metricsUrl(int port) {
        return port == 0 ? Optional.empty() : Optional.of("http://127.0.0.1:" + port + "/metrics");
    }

    /** Lines of rabbitmq.conf. */
    static String conf() {
        return "consumer_timeout = "
                + CONSUMER_TIMEOUT.toMillis()
                + "\nmax_message_size = "
                + MAX_MESSAGE_BYTES
                // RabbitMQ 4 would let in whoever gives no name, as its anonymous user.
                + "\nauth_mechanisms.1 = PLAIN\n";
    }

    /**
     * The file advanced.config: rabbitmq.conf has no name for the first one, and that of the second
     * stops a broker before 4.3.
     */
    static String advanced() {
        return "[{rabbit,[{dead_letter_worker_publisher_confirm_timeout,"
                + DEAD_LETTER_CONFIRM_MS
                + "},{consumer_disconnected_timeout,"
                + CONSUMER_GONE_MS
                + "}]}].\n";
    }
}
