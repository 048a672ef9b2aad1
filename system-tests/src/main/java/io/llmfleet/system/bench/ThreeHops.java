package io.llmfleet.system.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RabbitMQ's own load generator on three quorum queues at once, with confirms and manual acks: what
 * the broker could carry if a task's three hops were all there is to do.
 */
final class ThreeHops {

    private static final int HOPS = 3;
    private static final String QUEUE = "bench-hop-";
    private static final Pattern RATE = Pattern.compile("receiving rate avg: ([0-9]+) msg/s");

    private final BrokerEndpoint broker;
    private final int payloadBytes;

    ThreeHops(BrokerEndpoint broker, int payloadBytes) {
        this.broker = broker;
        this.payloadBytes = payloadBytes;
    }

    /** Messages a second through each of the queues. */
    double measure(Duration time) {
        try {
            String output = run(time);
            Matcher rate = RATE.matcher(output);
            if (!rate.find()) {
                throw new FleetException("PerfTest reported no rate:\n" + output);
            }
            return Double.parseDouble(rate.group(1)) / HOPS;
        } finally {
            deleteQueues();
        }
    }

    private String run(Duration time) {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.rabbitmq.perf.PerfTest",
                        "--uri=" + broker.amqpUri(),
                        "--producers=" + HOPS,
                        "--consumers=" + HOPS,
                        "--quorum-queue",
                        "--queue-pattern=" + QUEUE + "%d",
                        "--queue-pattern-from=1",
                        "--queue-pattern-to=" + HOPS,
                        "--confirm=1000",
                        "--qos=1000",
                        "--multi-ack-every=50",
                        "--size=" + payloadBytes,
                        "--time=" + time.toSeconds());
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new FleetException(
                        "PerfTest failed:\n" + new String(output, StandardCharsets.UTF_8));
            }
            return new String(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new FleetException("PerfTest cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private void deleteQueues() {
        try (Connection connection = broker.factory().newConnection("fleet-bench");
                Channel channel = connection.createChannel()) {
            for (int hop = 1; hop <= HOPS; hop++) {
                channel.queueDelete(QUEUE + hop);
            }
        } catch (IOException | TimeoutException e) {
            throw new FleetException("the benchmark's queues stay: " + e.getMessage(), e);
        }
    }
}
