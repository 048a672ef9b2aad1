package io.llmfleet.broker;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/** A virtual host of its own, whose connections a test can cut. */
final class BrokerUnderTest implements AutoCloseable {

    /** What the tested code connects with; its connections are the ones that are cut. */
    private static final String NAME = "under-test";

    private final TestBroker broker = TestBroker.shared().newVhost();
    private final CachingConnectionFactory factory =
            new CachingConnectionFactory(URI.create(broker.amqpUri()));
    private final Connection connection;
    private final Channel channel;

    BrokerUnderTest() throws Exception {
        factory.setConnectionNameStrategy(f -> NAME);
        connection = broker.endpoint().factory().newConnection("test");
        channel = connection.createChannel();
    }

    CachingConnectionFactory factory() {
        return factory;
    }

    Channel channel() {
        return channel;
    }

    void exchange(String name) throws IOException {
        channel.exchangeDeclare(name, "topic", true);
    }

    void queue(String name, Map<String, Object> more) throws IOException {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.putIfAbsent("x-queue-type", "quorum");
        channel.queueDeclare(name, true, false, false, arguments);
    }

    long depth(String queue) throws IOException {
        return channel.messageCount(queue);
    }

    GetResponse take(String queue) throws IOException {
        return channel.basicGet(queue, true);
    }

    /** Closes every connection of the tested code, once the broker tells of one. */
    void cut() {
        List<String> open =
                await().atMost(Duration.ofSeconds(30)).until(this::open, l -> !l.isEmpty());
        open.forEach(name -> broker.management().delete("/api/connections/" + encode(name)));
    }

    private List<String> open() {
        String path = "/api/vhosts/" + encode(broker.endpoint().vhost()) + "/connections";
        return Json.tree(broker.management().get(path).getBytes(StandardCharsets.UTF_8))
                .valueStream()
                .filter(c -> c.path("user_provided_name").asString("").equals(NAME))
                .map(c -> c.get("name").asString())
                .toList();
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() throws IOException {
        factory.destroy();
        connection.close();
        broker.management().deleteVhost();
    }
}
