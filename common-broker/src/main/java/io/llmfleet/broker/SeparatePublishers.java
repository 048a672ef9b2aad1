package io.llmfleet.broker;

import io.llmfleet.metrics.LinkMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.CachingConnectionFactoryConfigurer;

/**
 * Makes publishers with a connection of their own: the broker stops a whole connection for one
 * queue that stalls, so what goes to queues of others must not share one with the fleet's own
 * messages.
 */
public final class SeparatePublishers implements AutoCloseable {

    private final CachingConnectionFactory pattern;
    private final CachingConnectionFactoryConfigurer configurer;
    private final int window;
    private final LinkMetrics metrics;
    private final List<CachingConnectionFactory> made = new CopyOnWriteArrayList<>();

    SeparatePublishers(
            CachingConnectionFactory pattern,
            CachingConnectionFactoryConfigurer configurer,
            BrokerProperties properties,
            LinkMetrics metrics) {
        this.pattern = pattern;
        this.configurer = configurer;
        this.window = properties.publishWindow();
        this.metrics = metrics;
    }

    /**
     * The caller closes it.
     *
     * @param name by which it is told from the others
     */
    public ConfirmingPublisher create(String name) {
        CachingConnectionFactory factory =
                new CachingConnectionFactory(pattern.getRabbitConnectionFactory());
        configurer.configure(factory);
        factory.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        made.add(factory);
        return new ConfirmingPublisher(factory, window, name, metrics);
    }

    @Override
    public void close() {
        made.forEach(CachingConnectionFactory::destroy);
    }
}
