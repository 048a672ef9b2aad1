package io.llmfleet.producer.webhook;

import io.llmfleet.producer.metrics.EffectMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Delivers webhooks that are due. What is being sent when the process dies is sent again by
 * another, so a webhook may arrive twice, under the same id.
 */
final class WebhookSender implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);
    private static final int AT_ONCE = 100;
    private static final long LOOK_MILLIS = 1_000;
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);

    private final JdbcWebhooks webhooks;
    private final WebhookClient client;
    private final WebhookProperties properties;
    private final RetryPolicy retries;
    private final EffectMeters meters;
    private final Semaphore added = new Semaphore(0);
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Thread loop = Thread.ofPlatform().name("webhooks").daemon().unstarted(this::run);
    private Instant cleanAt = Instant.now();
    private volatile boolean running;

    WebhookSender(
            JdbcWebhooks webhooks,
            WebhookClient client,
            WebhookProperties properties,
            EffectMeters meters) {
        this.webhooks = webhooks;
        this.client = client;
        this.properties = properties;
        this.retries = new RetryPolicy(properties.retries());
        this.meters = meters;
    }

    @Override
    public void start() {
        running = true;
        webhooks.onAdded(added::release);
        loop.start();
    }

    @Override
    public void stop() {
        running = false;
        loop.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                boolean unused = added.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                added.drainPermits();
                step();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.debug("webhooks wait: {}", e.toString());
            }
        }
    }

    private void step() {
        int room = free.availablePermits();
        if (room > 0) {
            // Longer than a try can take, so that nobody else sends what is being sent.
            Duration hold = properties.timeout().multipliedBy(4);
            List<JdbcWebhooks.Claimed> claimed =
                    webhooks.claim(properties.perEndpoint(), room, hold);
            for (JdbcWebhooks.Claimed delivery : claimed) {
                free.acquireUninterruptibly();
                Thread.ofVirtual().name("webhook").start(() -> deliver(delivery));
            }
        }
        if (Instant.now().isAfter(cleanAt)) {
            cleanAt = Instant.now().plus(CLEAN_EVERY);
            webhooks.forget(properties.keepDays());
        }
    }

    private void deliver(JdbcWebhooks.Claimed delivery) {
        try {
            Instant start = Instant.now();
            long timestamp = start.getEpochSecond();
            String id = delivery.id().toString();
            String signature = Signatures.of(id, timestamp, delivery.body(), delivery.secrets());
            WebhookClient.Answer answer =
                    client.post(delivery.url(), id, timestamp, signature, delivery.body());
            settle(delivery, start, answer);
        } catch (RuntimeException e) {
            log.warn(
                    "webhook {} was not settled and is tried again: {}",
                    delivery.id(),
                    e.toString());
        } finally {
            free.release();
            added.release();
        }
    }

    private void settle(JdbcWebhooks.Claimed delivery, Instant start, WebhookClient.Answer answer) {
        boolean delivered = RetryPolicy.isDelivered(answer.status());
        Optional<Duration> wait =
                delivered || answer.forbidden()
                        ? Optional.empty()
                        : retries.wait(
                                delivery.tries() + 1,
                                answer.status(),
                                answer.retryAfter(),
                                ThreadLocalRandom.current().nextDouble());
        long millis = Duration.between(start, Instant.now()).toMillis();
        webhooks.tried(
                delivery,
                new Delivery.Try(start, answer.status(), answer.error(), millis),
                delivered,
                wait.orElse(null));
        String outcome = delivered ? "delivered" : wait.isPresent() ? "retried" : "failed";
        meters.webhookTried(outcome);
        if (outcome.equals("failed")) {
            log.warn("webhook {} was given up after {} tries", delivery.id(), delivery.tries() + 1);
        }
    }
}
