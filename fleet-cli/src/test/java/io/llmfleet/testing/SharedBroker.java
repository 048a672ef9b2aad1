package io.llmfleet.testing;

import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.LocalBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The one broker of a test process: a container where Docker answers and has the image, else a
 * private node.
 *
 * @param secrets folder of the users' passwords
 */
record SharedBroker(BrokerEndpoint endpoint, Path secrets) {

    /** {@code local} or {@code docker}; where it is not set, whichever there is. */
    private static final String CHOICE = setting("FLEET_TEST_BROKER", "");

    static final String IMAGE = setting("FLEET_TEST_BROKER_IMAGE", "rabbitmq:4.3-management");

    static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static @Nullable SharedBroker instance;

    static synchronized SharedBroker get() {
        SharedBroker known = instance;
        if (known == null) {
            known = start();
            instance = known;
        }
        return known;
    }

    private static SharedBroker start() {
        Path home = temporary();
        BrokerEndpoint container = CHOICE.equals("local") ? null : container();
        if (container == null && CHOICE.equals("docker")) {
            throw new IllegalStateException("Docker does not answer or cannot get " + IMAGE);
        }
        BrokerEndpoint endpoint = container == null ? node(home.resolve("broker")) : container;
        return new SharedBroker(endpoint, home.resolve("secrets"));
    }

    /** Whether brokers are containers here. */
    static boolean inDocker() {
        return CHOICE.equals("docker")
                || CHOICE.isEmpty() && DockerClientFactory.instance().isDockerAvailable();
    }

    private static @Nullable BrokerEndpoint container() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return null;
        }
        // Ryuk, or the end of the process, removes it.
        @SuppressWarnings("resource")
        var container =
                new RabbitMQContainer(
                        DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("rabbitmq"));
        try {
            container
                    .withCopyToContainer(
                            Transferable.of(
                                    "consumer_timeout = 10800000\nmax_message_size = 16777216\n"),
                            "/etc/rabbitmq/conf.d/20-fleet.conf")
                    .withCopyToContainer(
                            Transferable.of(
                                    "[{rabbit,[{dead_letter_worker_publisher_confirm_timeout,15000}]}].\n"),
                            "/etc/rabbitmq/advanced.config")
                    .withStartupTimeout(START_LIMIT)
                    .start();
        } catch (RuntimeException e) {
            System.err.println("no container of " + IMAGE + ", using a private node: " + e);
            return null;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new BrokerEndpoint(
                "amqp://"
                        + container.getAdminUsername()
                        + ":"
                        + container.getAdminPassword()
                        + "@"
                        + container.getHost()
                        + ":"
                        + container.getAmqpPort()
                        + "/%2F",
                container.getHttpUrl());
    }

    private static BrokerEndpoint node(Path home) {
        var node = new LocalBroker(home);
        Runtime.getRuntime().addShutdownHook(new Thread(node::wipe));
        return node.start();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("fleet-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
