package io.llmfleet.producer.webhook;

import io.llmfleet.producer.chore.WorkLoop;
import io.llmfleet.producer.metrics.EffectMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JdbcWebhooks webhooks;
    private final WebhookClient client;
    private final WebhookProperties properties;
    private final RetryPolicy retries;
    private final EffectMeters meters;
    private final WorkLoop loop = new WorkLoop("webhooks", AT_ONCE, PAUSE);

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
        webhooks.onAdded(loop::tell);
        loop.start(this::takeUp, () -> webhooks.forget(properties.keepDays()));
    }

    /** What is being sent is sent again by another replica, if it does not come to its end. */
    @Override
    public void stop() {
        loop.stop(Duration.ZERO);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    private void takeUp() throws InterruptedException {
        int room = loop.room();
        if (room > 0) {
            // Longer than a try can take, so that nobody else sends what is being sent.
            Duration hold = properties.timeout().multipliedBy(4);
            for (JdbcWebhooks.Claimed delivery :
                    webhooks.claim(properties.perEndpoint(), room, hold)) {
                loop.begin(() -> deliver(delivery));
            }
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
